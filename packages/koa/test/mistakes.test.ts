import { createQBitFlow } from '@qbitflow/core';
import { expect, test } from 'vitest';
import {
  cancelHandler,
  checkoutHandler,
  qbitflowRouter,
  statusHandler,
  successHandler,
  webhookHandler,
} from '../src/index.js';

/** What code without types may pass. */
const untyped = (value: unknown): never => value as never;

const qbitflow = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });

test.each<[string, () => unknown]>([
  ['webhookHandler', () => webhookHandler(untyped(undefined))],
  ['successHandler', () => successHandler(untyped({}))],
  ['cancelHandler', () => cancelHandler(untyped(createQBitFlow))],
  ['statusHandler', () => statusHandler(untyped(null))],
  ['checkoutHandler', () => checkoutHandler(untyped(undefined), () => undefined)],
  ['qbitflowRouter', () => qbitflowRouter(untyped(undefined))],
])('%s without a kit is refused when the app is put together', (_name, mount) => {
  expect(mount).toThrow(expect.objectContaining({ code: 'misconfigured' }));
  expect(mount).toThrow('createQBitFlow() returned');
});

test.each<[string, () => unknown, string]>([
  ['a router', () => qbitflowRouter(qbitflow, untyped({ sucess: {} })), 'did you mean success?'],
  [
    'a page of a router',
    () => qbitflowRouter(qbitflow, { success: untyped({ redirect: {} }) }),
    'did you mean redirects?',
  ],
  ['a page', () => successHandler(qbitflow, untyped({ autorize: true })), 'mean authorize?'],
  ['an outcome', () => cancelHandler(qbitflow, { texts: untyped({ payed: {} }) }), 'mean paid?'],
  ['a status route', () => statusHandler(qbitflow, untyped({ timeout: 1 })), "'timeout'"],
  ['a checkout', () => checkoutHandler(qbitflow, untyped({ price: 4 })), 'says what is sold'],
])('a slip in the options of %s is refused, with the cure', (_what, mount, cure) => {
  expect(mount).toThrow(expect.objectContaining({ code: 'misconfigured' }));
  expect(mount).toThrow(cure);
});
