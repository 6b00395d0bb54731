/**
 * For tests of what receives QBitFlow's webhooks: signing, bodies, and time turned by hand.
 * @module @qbitflow/core/testing
 */
import { v1Fixtures } from './fixtures-v1.js';
import { v2Fixtures } from './fixtures-v2.js';

// Signing
export { signDelivery } from './sign-delivery.js';
export type { SignDeliveryOptions, SignedDelivery } from './sign-delivery.js';

// Bodies
/**
 * Makers of webhook bodies, of real money unless `test: true` is given: `fixtures.v2['payment.completed']()`, `fixtures.v1.paymentCompleted()`.
 * @example
 * ```js
 * import { fixtures } from '@qbitflow/core/testing';
 *
 * const body = fixtures.v2['payment.completed']({ data: { reference: 'order-1001' } });
 * console.assert(body.type === 'payment.completed' && body.data.reference === 'order-1001');
 * ```
 */
export const fixtures = { v1: v1Fixtures, v2: v2Fixtures } as const;
export { FIXTURE_IDS } from './fixtures-shared.js';
export type { V1SubscriptionOverrides, V1TransactionOverrides } from './fixtures-v1.js';
export type { V2Fixture, V2Overrides } from './fixtures-v2.js';

// Time
export { fakeClock } from './fake-clock.js';
export type { FakeClock } from './fake-clock.js';
