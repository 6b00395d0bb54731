import {
  cancelEndpoint,
  checkoutEndpoint,
  createQBitFlow,
  routesOf,
  statusEndpoint,
  successEndpoint,
  toFetchHandler,
  toNodeHandler,
  webhookEndpoint,
  withWebhook,
  type QBitFlow,
} from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { openShop } from '../support/shop.js';
import { settle } from '../support/settle.js';
import { thrownBy } from '../support/rejection-of.js';

/** What code without types may pass. */
const untyped = (value: unknown): never => value as never;
const app = (): void => undefined;

const mounts: [string, (kit: QBitFlow) => unknown][] = [
  ['webhookEndpoint', (kit) => webhookEndpoint(kit)],
  ['successEndpoint', (kit) => successEndpoint(kit)],
  ['cancelEndpoint', (kit) => cancelEndpoint(kit)],
  ['statusEndpoint', (kit) => statusEndpoint(kit)],
  ['checkoutEndpoint', (kit) => checkoutEndpoint(kit, () => undefined)],
  ['routesOf', (kit) => routesOf(kit)],
  ['toNodeHandler', (kit) => toNodeHandler(kit)],
  ['toFetchHandler', (kit) => toFetchHandler(kit)],
  ['withWebhook', (kit) => withWebhook(app, kit, { path: '/webhook' })],
];

describe.each(mounts)('%s', (_name, mount) => {
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['options', { webhookSecret: 'whsec_a' }],
    ['the function that makes a kit', createQBitFlow],
    ['a promise of a kit', Promise.resolve()],
  ])('in place of the kit, %s is refused at once', (_what, given) => {
    const error = thrownBy(() => mount(untyped(given)));
    expect(error).toMatchObject({ code: 'misconfigured' });
    expect(String(error)).toContain('createQBitFlow() returned');
  });
});

const slips: [string, (kit: QBitFlow) => unknown, string][] = [
  ['an option of the routes', (kit) => routesOf(kit, untyped({ sucess: {} })), 'mean success?'],
  [
    'an option of a page',
    (kit) => successEndpoint(kit, untyped({ redirect: {} })),
    "the success page: 'redirect' is no option: did you mean redirects?",
  ],
  [
    'the same, through the routes',
    (kit) => routesOf(kit, { cancel: untyped({ timeout: 1 }) }),
    'the cancel page',
  ],
  [
    'an outcome',
    (kit) => successEndpoint(kit, { redirects: untyped({ payed: '/thanks' }) }),
    "redirects: 'payed' is no option: did you mean paid?",
  ],
  [
    'words of an outcome',
    (kit) => cancelEndpoint(kit, { texts: untyped({ wating: {} }) }),
    'did you mean waiting?',
  ],
  [
    'a query name',
    (kit) => successEndpoint(kit, { queryNames: untyped({ reference: ['order'] }) }),
    "'reference' is no option: it takes uuid, type",
  ],
  [
    'authorize that is called already',
    (kit) => successEndpoint(kit, { authorize: untyped(true) }),
    'authorize must be a function',
  ],
  [
    'an option of the status route',
    (kit) => statusEndpoint(kit, untyped({ authorise: app })),
    'did you mean authorize?',
  ],
  ['basePath', (kit) => toNodeHandler(kit, untyped({ basepath: '/q' })), 'did you mean basePath?'],
  ['basePath', (kit) => toFetchHandler(kit, untyped({ base: '/q' })), "'base' is no option"],
  ['a path for options', (kit) => toNodeHandler(kit, untyped('/q')), 'options are an object'],
  [
    'the path in front of an app',
    (kit) => withWebhook(app, kit, untyped({ basePath: '/webhook' })),
    "withWebhook: 'basePath' is no option: it takes path",
  ],
  ['no path', (kit) => withWebhook(app, kit, untyped(undefined)), 'is no path to mount under'],
  [
    'an app that is no listener (of Koa, without callback())',
    (kit) => withWebhook(untyped({ callback: app }), kit, { path: '/webhook' }),
    "a Koa app's callback()",
  ],
  [
    'a checkout that sells nothing',
    (kit) => checkoutEndpoint<unknown>(kit, untyped(undefined)),
    'a function that says what is sold',
  ],
];

test.each(slips)('a slip in %s is refused at once, with the cure', (_what, mount, cure) => {
  const { kit } = openShop();
  const error = thrownBy(() => mount(kit));
  expect(error).toMatchObject({ code: 'misconfigured' });
  expect(String(error)).toContain(cure);
});

test('options that are left out by undefined are no slips', () => {
  const { kit } = openShop();
  expect(routesOf(kit, { success: undefined, cancel: { redirects: undefined } })).toHaveLength(4);
});

test('with the fetch API, an answer that cannot be made is told to the kit and is a 500', async () => {
  const shop = openShop();
  const broken: QBitFlow = {
    ...shop.kit,
    handleWebhook: async () => ({ status: 99, headers: {}, body: '' }),
  };
  const handle = toFetchHandler(broken);
  const answer = await handle(new Request('http://shop.test/webhook', { method: 'POST' }));
  expect([answer.status, await answer.json()]).toEqual([500, { error: 'internal error' }]);
  await settle();
  expect(shop.errors).toMatchObject([{ facts: { stage: 'respond' } }]);
});
