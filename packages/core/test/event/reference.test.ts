import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  createQBitFlow,
  isQBitFlowError,
  parseEvent,
  requireReference,
  type EventOf,
  type WebhookEvent,
} from '../../src/index.js';
import { fixtures, signDelivery } from '../../src/testing/index.js';

/** The same JSON with another `reference` wherever it has one: `undefined` leaves it out. */
function withReference(body: object, reference: string | null | undefined): object {
  const isOne = (name: string): boolean => /^(?:subscriptionR|r)eference$/.test(name);
  return JSON.parse(
    JSON.stringify(body, (name, value: unknown) => (isOne(name) ? reference : value)),
  ) as object;
}

function read(body: object): WebhookEvent {
  const parsed = parseEvent({ body });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.event;
}

const bodies = {
  'payment.completed of v2': fixtures.v2['payment.completed'](),
  'subscription.created of v2': fixtures.v2['subscription.created'](),
  'checkout.expired of v2': fixtures.v2['checkout.expired'](),
  'payment.completed of v1': fixtures.v1.paymentCompleted(),
  'subscription.statusChanged of v1': fixtures.v1.subscriptionStatusChanged(),
};

describe.each(Object.entries(bodies))('%s', (_name, body) => {
  test('a reference that is null reads as one that was left out, and stays in the body as sent', () => {
    const nothing = withReference(body, null);
    const event = read(nothing);
    expect(event.data).not.toHaveProperty('reference');
    expect(JSON.stringify(event.raw)).toBe(JSON.stringify(nothing));
    expect(JSON.stringify(event.data)).toBe(
      JSON.stringify(read(withReference(body, undefined)).data),
    );
  });

  test('a reference is the one that was sent', () => {
    expect(read(withReference(body, 'order-7')).data).toMatchObject({ reference: 'order-7' });
  });
});

test('the reference of an event is a string or absent', () => {
  expectTypeOf<EventOf<'payment.completed'>['data']['reference']>().toEqualTypeOf<
    string | undefined
  >();
  expectTypeOf(requireReference).returns.toEqualTypeOf<string>();
  // @ts-expect-error -- a refund names its payment (txUuid) and no reference
  expectTypeOf(requireReference).toBeCallableWith({} as EventOf<'refund.completed'>);
});

const paid = (reference: string | null | undefined): EventOf<'payment.completed'> => {
  const event = read(withReference(fixtures.v2['payment.completed'](), reference));
  if (event.type !== 'payment.completed') throw new Error(event.type);
  return event;
};

test('requireReference gives the reference; of a bill that of its subscription', () => {
  expect(requireReference(paid('order-7'))).toBe('order-7');
  const bill = read(withReference(fixtures.v2['subscription.billed'](), 'sub-7'));
  if (bill.type !== 'subscription.billed') throw new Error(bill.type);
  expect(requireReference(bill)).toBe('sub-7');
});

test.each([undefined, null, ''])(
  'requireReference throws what is never tried again: %s',
  (none) => {
    const event = paid(none);
    let thrown: unknown;
    try {
      requireReference(event);
    } catch (error) {
      thrown = error;
    }
    expect(isQBitFlowError(thrown) && thrown.code).toBe('unrecoverable');
    expect(String(thrown)).toContain(`${event.key} names no reference`);
  },
);

test('a payment for no order is a dead letter after one attempt, which says why', async () => {
  const qbitflow = createQBitFlow({ webhookSecret: 'whsec_test', mode: 'both', logger: false });
  qbitflow.on('payment.completed', (event) => requireReference(event));
  const body = withReference(fixtures.v2['payment.completed'](), null);
  const { headers, body: rawBody } = signDelivery({ version: 'v2', body, secret: 'whsec_test' });
  await qbitflow.handleWebhook({ method: 'POST', url: '/', headers, rawBody });
  await expect.poll(async () => (await qbitflow.deliveries.stats()).dead).toBe(1);
  const { items } = await qbitflow.deliveries.list({ state: 'dead' });
  expect(items).toMatchObject([
    { finished: 1, lastError: expect.stringContaining('names no reference') },
  ]);
  await qbitflow.close();
});
