import { rejects } from 'node:assert/strict';
import { createQBitFlow, isQBitFlowError } from '@qbitflow/core';
import type { AdapterCase } from './adapter-harness.js';
import type { Mounted } from './adapter-plan.js';

/** What stands for a handler, as code without types writes it. */
interface Mistaken {
  readonly what: Mounted['what'];
  readonly path: string;
  readonly options?: unknown;
  readonly toParams?: unknown;
}

const PLACES: readonly Mistaken[] = [
  { what: 'router', path: '' },
  { what: 'webhook', path: '/webhook' },
  { what: 'success', path: '/success' },
  { what: 'cancel', path: '/cancel' },
  { what: 'status', path: '/status/:uuid' },
  { what: 'checkout', path: '/buy', toParams: () => undefined },
];

const NO_KITS: readonly unknown[] = [undefined, null, {}, createQBitFlow];

const SLIPS: readonly (readonly [string, Mistaken, RegExp])[] = [
  ['the routes', { what: 'router', path: '', options: { sucess: {} } }, /did you mean success\?/],
  [
    "a route's page",
    { what: 'router', path: '', options: { success: { redirect: {} } } },
    /did you mean redirects\?/,
  ],
  ['a page', { what: 'success', path: '/s', options: { autorize: true } }, /mean authorize\?/],
  ['an outcome', { what: 'cancel', path: '/c', options: { texts: { payed: {} } } }, /mean paid\?/],
  [
    'a link',
    { what: 'success', path: '/s', options: { redirects: { paid: 'javascript:alert(1)' } } },
    /redirects\.paid/,
  ],
  ['a status route', { what: 'status', path: '/s/:uuid', options: { timeout: 1 } }, /'timeout'/],
  ['a checkout', { what: 'checkout', path: '/b', toParams: { price: 4 } }, /says what is sold/],
];

const withoutAKit: readonly AdapterCase[] = PLACES.map((place) => ({
  name: `mistakes: ${place.what} without a kit is refused when the app is put together`,
  async run({ tryApp }) {
    for (const given of NO_KITS)
      await rejects(
        tryApp(given, asMounted(place)),
        isMisconfigured(/createQBitFlow\(\) returned/),
      );
  },
}));

const slips: readonly AdapterCase[] = SLIPS.map(([what, place, cure]) => ({
  name: `mistakes: a slip in the options of ${what} is refused with the cure`,
  async run({ tryApp, onEnd }) {
    const qbitflow = createQBitFlow({ webhookSecret: 'whsec_test', logger: false });
    onEnd(async () => qbitflow.close());
    await rejects(tryApp(qbitflow, asMounted(place)), isMisconfigured(cure));
  },
}));

/** What is put together wrongly is seen when the app starts, not with the first customer. */
export const mistakeCases: readonly AdapterCase[] = [...withoutAKit, ...slips];

function asMounted(mistaken: Mistaken): Mounted {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what code without types may pass
  return mistaken as Mounted;
}

function isMisconfigured(message: RegExp) {
  return (error: unknown): boolean =>
    isQBitFlowError(error) && error.code === 'misconfigured' && message.test(error.message);
}
