import { asyncProperty, assert, constantFrom, jsonValue, oneof, record } from 'fast-check';
import { expect, test } from 'vitest';
import { call, openSandbox, payment } from '../support/world.js';

const sessions = '/transaction/session-checkout';
const ROUTES = [
  `v2${sessions}/new/payment`,
  `v2${sessions}/new/subscription`,
  `v1${sessions}/new/payment`,
  `v1${sessions}/new/subscription`,
  `v1${sessions}/`,
  'v1/webhooks/verify',
  'v2/webhooks/verify',
];

/** What a client may write by mistake, beside anything else that is JSON. */
const odd = constantFrom<unknown>(
  '',
  ' ',
  'x'.repeat(3_000),
  '\u0000',
  '\ud800',
  '__proto__',
  'https://shop.test',
  'payment',
  0,
  -0,
  -1,
  0.1 + 0.2,
  1e-7,
  1e21,
  1e300,
  2 ** 53,
  true,
  null,
  [],
  [[]],
  {},
  { value: 1e300, unit: 'years' },
  { value: 1, unit: 'years' },
  { items: [{ label: 'x', amountUsd: '0.5' }] },
  { items: [[]] },
  { frequency: {} },
);
const value = oneof(odd, jsonValue());

/** Mostly something that could be taken, seldom a mistake. */
const mostly = (...good: readonly unknown[]) =>
  oneof({ weight: 30, arbitrary: constantFrom<unknown>(...good) }, value);

const body = record(
  {
    productId: mostly(undefined),
    productUuid: mostly(undefined),
    productReference: mostly(undefined),
    productName: mostly(payment.productName),
    description: mostly(payment.description),
    price: mostly(0.01, 1e-7, 1e9),
    fees: mostly(undefined, { items: [{ label: 'x', amountUsd: '1000000' }] }),
    reference: mostly(undefined, 'order-1', 'order-2'),
    successUrl: mostly(undefined, 'https://shop.test/{{UUID}}'),
    customerUuid: mostly(undefined),
    customerUUID: mostly(undefined),
    expiresInMinutes: mostly(undefined, 10, 1_440),
    frequency: mostly({ value: 1, unit: 'years' }, { value: 300, unit: 'seconds' }),
    trialPeriod: mostly(undefined, { value: 100, unit: 'years' }, { value: 0 }),
    minPeriods: mostly(undefined, 0, 1_000),
    options: mostly(undefined, { frequency: { value: 1, unit: 'weeks' } }),
    payload: value,
    receivedSignature: value,
    endpointUuid: value,
    signature: value,
  },
  { requiredKeys: ['productName', 'description', 'price', 'frequency'] },
);

test('whatever JSON comes is opened or refused, and what is opened can be paid and read', async () => {
  const defects: unknown[] = [];
  const ignore = (): void => undefined;
  const error = (...line: unknown[]): void => void defects.push(line);
  const logger = { debug: ignore, info: ignore, warn: ignore, error };
  const sandbox = await openSandbox({ logger, priceCapUsd: Infinity });
  const route = constantFrom(...ROUTES);
  await assert(
    asyncProperty(route, oneof({ weight: 9, arbitrary: body }, jsonValue()), async (path, sent) => {
      const answer = await call(sandbox, `POST /${path}`, JSON.stringify(sent));
      expect(answer.status).toBeLessThan(500);
      const { uuid } = answer.body;
      if (typeof uuid !== 'string') return;
      await sandbox.pay(uuid).catch(ignore);
      const kind = uuid.startsWith('pay') ? 'payment' : 'subscription';
      for (const version of ['v1', 'v2'])
        expect((await call(sandbox, `GET /${version}/transaction/${kind}/${uuid}`)).status).toBe(
          200,
        );
    }),
    { numRuns: 300 },
  );
  expect(defects).toEqual([]);
  expect(sandbox.sessions.length).toBeGreaterThan(10);
});
