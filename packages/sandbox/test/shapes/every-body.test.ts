import { createHmac } from 'node:crypto';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openSandbox, payment, subscription } from '../support/world.js';
import { createJudge, shapeNames } from './judge.js';
import {
  ask,
  CONFIRMATION_MS,
  type LaterOpenings,
  letExpire,
  type Opening,
  type Stage,
  walkThrough,
  walkThroughLater,
} from './walk.js';

const UUID = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const SESSIONS = '/transaction/session-checkout';
const { productName, price, successUrl, cancelUrl } = payment;
const urls = { successUrl, cancelUrl };
const inline = { productName, price };
const trialPeriod = { value: 1, unit: 'weeks' };
const { frequency } = subscription;
const cycle = { frequency, trialPeriod, minPeriods: 3 };
const references = { reference: 'order-1', customerReference: 'customer-7' };

const items = [
  { label: 'Shipping', description: 'By boat', amountUsd: '0.10' },
  { label: 'Gift wrap', amountUsd: 0.2 },
];

const v2Payments: Readonly<Record<string, object>> = {
  'an inline product': inline,
  'everything given': { ...payment, ...references, customerUuid: UUID, expiresInMinutes: 10 },
  'a product by id': { productUuid: UUID },
  'a price of parts of a cent': { ...inline, price: 1.2345 },
  'a price of next to nothing': { ...inline, price: 1e-7 },
  'a product by reference': { productReference: 'tshirt-blue', ...urls },
  'fees of its own': { ...inline, price: 2.5, fees: { items } },
  'a processing fee': { ...inline, price: 2.5, fees: { processingFee: true } },
  'all fees': { ...inline, price: 2.5, fees: { processingFee: true, items } },
  'no fees': { ...inline, fees: { processingFee: false, items: [] } },
};

const v2Subscriptions: Readonly<Record<string, object>> = {
  'no terms': inline,
  'a frequency': { ...inline, frequency },
  'a trial': { ...inline, trialPeriod },
  'a trial that is off': { ...inline, trialPeriod: { value: 0 } },
  'everything given': { ...payment, ...references, ...cycle, customerUuid: UUID },
  'a price of parts of a cent': { ...inline, price: 1.2345 },
  'a price of next to nothing': { ...inline, price: 1e-7 },
  'a product by id': { productUuid: UUID, minPeriods: 0 },
};

const v1Payments: Readonly<Record<string, object>> = {
  'an inline product': { ...inline, description: 'Size M' },
  'everything given': { ...payment, reference: 'order-1', customerUUID: UUID },
  'a product by number': { productId: 7, customerReference: 'customer 7' },
  'a reference of words': { productId: 7, reference: 'order #77, Ada' },
  'a price that v2 would not take': { ...payment, price: 123_456.789 },
  'a product by reference': { productReference: 'tshirt-blue' },
};

const v1Subscriptions: Readonly<Record<string, object>> = {
  'a frequency': { productId: 7, frequency },
  'every second': { productId: 7, frequency: { value: 1, unit: 'seconds' } },
  'everything given': { ...payment, ...references, ...cycle },
};

const options = { subscriptionType: 'subscription', frequency };
const legacy: Readonly<Record<string, object>> = {
  'a payment': payment,
  'a subscription': { ...payment, options },
  'a trial': { ...payment, options: { ...options, trialPeriod, minPeriods: 2 } },
};

function named(what: string, route: string, bodies: Readonly<Record<string, object>>) {
  return Object.entries(bodies).map(([name, body]) => ({ name: `${what}, ${name}`, route, body }));
}

const openings: readonly (Opening & { readonly name: string })[] = [
  ...named('a v2 payment', `/v2${SESSIONS}/new/payment`, v2Payments),
  ...named('a v2 subscription', `/v2${SESSIONS}/new/subscription`, v2Subscriptions),
  ...named('a v1 payment', `/v1${SESSIONS}/new/payment`, v1Payments),
  ...named('a v1 subscription', `/v1${SESSIONS}/new/subscription`, v1Subscriptions),
  ...named('SDK 1.x', `/v1${SESSIONS}/`, legacy),
];

/** What lives on after it was paid, opened on one generation. */
function laterOf(generation: 'v1' | 'v2'): LaterOpenings {
  const route = `/${generation}${SESSIONS}/new`;
  const body = { ...payment, frequency };
  return {
    payment: { route: `${route}/payment`, body: payment },
    subscription: { route: `${route}/subscription`, body },
    trial: { route: `${route}/subscription`, body: { ...body, trialPeriod } },
  };
}

async function openStage(): Promise<Stage> {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock, confirmationMs: CONFIRMATION_MS });
  return { clock, sandbox, judge: createJudge() };
}

/** Both generations about a body that they signed. */
async function askWhatIsGenuine(stage: Stage): Promise<void> {
  const { clock, sandbox } = stage;
  const t = String(Math.floor(clock.now() / 1000));
  const digest = createHmac('sha256', sandbox.secret).update(`${t}.{}`).digest('hex');
  await ask(stage, 'POST /v2/webhooks/verify', {
    endpointUuid: sandbox.endpointUuid,
    body: '{}',
    signature: `t=${t},v1=${digest}`,
  });
  await ask(stage, 'POST /v1/webhooks/verify', {
    payload: {},
    receivedSignature: `sha256=${digest}`,
    receivedTimestamp: t,
  });
}

test.each(openings)("every body is QBitFlow's, of $name", async (opening) => {
  const stage = await openStage();
  await letExpire(stage, opening);
  await walkThrough(stage, opening);
  expect(stage.judge.met()).toEqual(
    expect.arrayContaining(['v1 error', 'v2 error', 'v2 status', 'v2 checkout.expired']),
  );
});

test.each(['v1', 'v2'] as const)(
  "every body is QBitFlow's, of what merchants meet later, opened on %s",
  async (generation) => {
    const stage = await openStage();
    await walkThroughLater(stage, laterOf(generation));
    expect(stage.judge.met()).toEqual(
      expect.arrayContaining(['v1 statusTransitionWebhook', 'v2 subscription.billingFailed']),
    );
  },
);

/** The route it is opened by, and whether by SDK 1.x's it is a subscription. */
function kindOf({ route, body }: Opening): string {
  return `${route} ${'options' in body}`;
}

test('every shape is met', async () => {
  const stage = await openStage();
  // One of each kind: the terms do not matter here.
  for (const opening of new Map(openings.map((one) => [kindOf(one), one])).values()) {
    await letExpire(stage, opening);
    await walkThrough(stage, { ...opening, body: { ...opening.body, reference: undefined } });
  }
  await walkThroughLater(stage, laterOf('v2'));
  await ask(stage, 'GET /v2/me');
  await ask(stage, 'GET /v2/webhooks/events?limit=100&includeMembers=true');
  for (const { id, version } of stage.sandbox.events.slice(-100))
    if (version === 'v2') await ask(stage, `GET /v2/webhooks/events/${id}`);
  await askWhatIsGenuine(stage);
  const waiting = shapeNames().filter((name) => !stage.judge.met().includes(name));
  expect(waiting).toEqual([]);
});
