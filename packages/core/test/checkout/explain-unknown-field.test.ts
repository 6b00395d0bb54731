import { expect, test } from 'vitest';
import { checkoutRulesNamed } from '../../src/protocol/checkout-rules.js';
import { explainUnknownField } from '../../src/checkout/validate-params.js';

test.each([
  ['v2', 'payment', 'customerUUID', 'is not known: did you mean customerUuid?'],
  ['v2', 'payment', 'customer_reference', 'is not known: did you mean customerReference?'],
  ['v2', 'payment', 'sucessUrl', 'is not known: did you mean successUrl?'],
  ['v2', 'payment', 'successURL', 'is not known: did you mean successUrl?'],
  ['v1', 'payment', 'Price', 'is not known: did you mean price?'],
  ['v2', 'payment', 'frequency', 'is for subscriptions: use createSubscription'],
  ['v2', 'payment', 'productId', 'belongs to v1: on a baseUrl that ends in /v2 use productUuid'],
  ['v1', 'payment', 'productUuid', 'belongs to v2: on a baseUrl that ends in /v1 use productId'],
  ['v1', 'subscription', 'expiresInMinutes', 'belongs to v2'],
  ['v2', 'subscription', 'fees', 'is for payments: QBitFlow takes none on subscriptions'],
  ['v1', 'payment', 'fees', 'belongs to v2'],
  ['v1', 'subscription', 'fees', 'belongs to v2'],
  ['v2', 'payment', 'webhookUrl', 'set the address of your webhook in the QBitFlow dashboard'],
  ['v2', 'payment', 'amount', 'did you mean price (in USD)?'],
  ['v2', 'payment', 'currency', 'prices are in USD'],
  ['v2', 'payment', 'idempotencyKey', 'derived from reference'],
  ['v2', 'payment', '__proto__', 'is not known'],
  ['v2', 'payment', 'x'.repeat(100_000), 'is not known'],
] as const)('%s %s: %s %s', (name, kind, field, words) => {
  expect(explainUnknownField(field, { generation: checkoutRulesNamed(name), kind })).toContain(
    words,
  );
});

test('a name that is like no other gets no guess', () => {
  const form = { generation: checkoutRulesNamed('v2'), kind: 'payment' } as const;
  expect(explainUnknownField('colour', form)).toBe('is not known');
});
