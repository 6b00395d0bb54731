import type { V2EventType } from '../event/types.js';
import type { V2Envelope } from '../protocol/v2/schemas.js';
import { copyOf } from './copy.js';
import { bill, heldFunds, payment, refund, subscription } from './fixture-data.js';
import { FIXTURE_IDS, FIXTURE_REFERENCE } from './fixture-ids.js';

type Fields = Readonly<Record<string, unknown>>;

/** A v2 envelope for tests; `data` is there and an object. */
export type V2Fixture = V2Envelope & { readonly data: Fields };

/** What to change: fields of the envelope, and under `data` fields of the data. `undefined` leaves a field out. */
export type V2Overrides = Fields & { readonly data?: Fields };

const member: Fields = {
  userUuid: FIXTURE_IDS.member,
  name: 'Ada',
  lastName: 'Lovelace',
  email: 'ada@shop.example',
  test: false,
  organizationFeePercent: 2.5,
  trustedAt: null,
  joinedAt: '2026-09-30T08:00:00Z',
  acceptedCurrencyIds: [1, 3],
  spaceUuid: FIXTURE_IDS.space,
};

const expiredCheckout: Fields = {
  uuid: FIXTURE_IDS.payment,
  reference: FIXTURE_REFERENCE,
  productUuid: FIXTURE_IDS.product,
  productReference: 'tshirt-blue',
  productName: 'Blue T-shirt',
  description: 'Size M, with a <logo> & more',
  price: 4.99,
  successUrl: 'https://shop.example/success?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
  cancelUrl: 'https://shop.example/cancel?uuid={{UUID}}',
  redirectUrl: 'https://qbitflow.app/checkout/1042',
  organizationName: 'Example Shop',
  userName: 'Ada Lovelace',
  test: false,
  txType: 'payment',
  availableCurrencyIds: [1, 3],
  fees: [],
  amount: 4.99,
  createdAt: '2026-09-30T12:00:00Z',
  expiresAt: '2026-10-01T12:00:00Z',
};

const DATA: Readonly<Record<V2EventType, Fields>> = {
  'payment.completed': payment,
  'subscription.created': subscription,
  'subscription.billed': bill,
  'subscription.statusChanged': { ...subscription, status: 'pastDue', previousStatus: 'active' },
  'subscription.actionRequiredChanged': {
    ...subscription,
    actionRequired: 'topUpAllowance',
    previousActionRequired: null,
  },
  'subscription.billingFailed': {
    ...subscription,
    status: 'pastDue',
    reason: 'insufficientBalance',
    failureCode: 'insufficient_balance',
    billUuid: FIXTURE_IDS.bill,
    amountUsd: '4.99',
    attempt: 1,
    remainingAttempts: 3,
    nextAttemptAt: '2026-11-02T12:00:00Z',
  },
  'subscription.upcomingBill': {
    ...subscription,
    billingDate: '2026-11-01T12:00:00Z',
    amountUsd: 4.99,
    trialEnding: false,
    balanceSufficient: true,
    allowanceSufficient: true,
  },
  'refund.requested': refund,
  'refund.completed': { ...refund, status: 'approved', respondedAt: '2026-10-02T10:00:00Z' },
  'refund.denied': {
    ...refund,
    status: 'rejected',
    merchantMessage: 'Worn already',
    respondedAt: '2026-10-02T10:00:00Z',
  },
  'member.joined': { ...member, invitationUuid: FIXTURE_IDS.invitation },
  'member.removed': member,
  'heldFunds.released': heldFunds,
  'checkout.expired': expiredCheckout,
  'webhook.test': { endpointUuid: FIXTURE_IDS.endpoint, message: 'It works' },
};

type V2Fixtures = { readonly [Type in V2EventType]: (overrides?: V2Overrides) => V2Fixture };

/** One maker of envelopes for each of v2's 15 event types. Every call gives a fresh object. */
export const v2Fixtures: V2Fixtures = {
  'payment.completed': makerOf('payment.completed'),
  'subscription.created': makerOf('subscription.created'),
  'subscription.billed': makerOf('subscription.billed'),
  'subscription.statusChanged': makerOf('subscription.statusChanged'),
  'subscription.actionRequiredChanged': makerOf('subscription.actionRequiredChanged'),
  'subscription.billingFailed': makerOf('subscription.billingFailed'),
  'subscription.upcomingBill': makerOf('subscription.upcomingBill'),
  'refund.requested': makerOf('refund.requested'),
  'refund.completed': makerOf('refund.completed'),
  'refund.denied': makerOf('refund.denied'),
  'member.joined': makerOf('member.joined'),
  'member.removed': makerOf('member.removed'),
  'heldFunds.released': makerOf('heldFunds.released'),
  'checkout.expired': makerOf('checkout.expired'),
  'webhook.test': makerOf('webhook.test'),
};

function makerOf(type: V2EventType): (overrides?: V2Overrides) => V2Fixture {
  return (overrides = {}) =>
    copyOf({
      id: `evt_3f1c2d4e-5a6b-5c7d-8e9f-${type.length.toString(16).padStart(12, '0')}`,
      type,
      version: 'v2',
      createdAt: '2026-10-01T12:00:00Z',
      test: false,
      ...overrides,
      data: { ...DATA[type], ...overrides.data },
    });
}
