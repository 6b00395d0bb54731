import { beginSubscription } from '../checkout/subscriptions.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { FailedBill, Refund, Session, Subscription } from '../state/sessions.js';
import type { SessionKind, SessionTerms } from '../state/terms.js';
import { DAY_MS, rfc3339 } from '../time.js';

const MINUTE_MS = 60_000;
/** A month of QBitFlow's. */
const PERIOD_DAYS = 30;

/** Makes up a session that stands in some way; nothing is kept of it yet. */
export type MakeUp = (state: SandboxState) => Session;

/** The sessions that events are about which no checkout caused, by how they stand. */
export const madeUp = {
  created: (state) => openedMinutesAgo(state, 'payment'),
  failed: (state) => withFailedAttempt(state, openedMinutesAgo(state, 'payment')),
  sent: (state) => sent(state, openedMinutesAgo(state, 'payment')),
  settling: (state) => ({ ...sent(state, openedMinutesAgo(state, 'payment')), settling: true }),
  paid: (state) => completed(state, 'payment'),
  expired: (state) => ({
    ...openedMinutesAgo(state, 'payment'),
    status: 'expired',
    expiresAt: state.settings.clock.now(),
  }),
  refundRequested: (state) => withRefund(state, { status: 'pending', merchantMessage: '' }),
  refunded: (state) =>
    withRefund(state, {
      status: 'approved',
      merchantMessage: 'Sorry that it did not fit',
      respondedAt: state.settings.clock.now(),
      txHash: `0x${state.ids.hex(64)}`,
    }),
  refundDenied: (state) =>
    withRefund(state, {
      status: 'rejected',
      merchantMessage: 'It was worn',
      respondedAt: state.settings.clock.now(),
    }),
  released: (state) => ({
    ...completed(state, 'payment'),
    fundsRelease: {
      uuid: `transfer@${state.ids.uuid()}`,
      txHash: `0x${state.ids.hex(64)}`,
      at: state.settings.clock.now(),
      userUuid: state.members.present().at(-1)?.userUuid,
    },
  }),
  subscribed: (state) => completed(state, 'subscription'),
  dueSoon: (state) =>
    subscribed(state, PERIOD_DAYS - 3, ({ currentPeriodEnd }) => ({
      announcedFor: currentPeriodEnd,
    })),
  pastDue: (state) =>
    subscribed(state, PERIOD_DAYS, () => ({
      status: 'pastDue',
      previousStatus: 'active',
      failedBill: failedBillOf(state),
    })),
  waitsForCustomer: (state) => subscribed(state, 1, () => ({ actionRequired: 'topUpAllowance' })),
  cancelled: (state) =>
    subscribed(state, 1, () => ({
      status: 'cancelled',
      previousStatus: 'active',
      cancelledAt: state.settings.clock.now(),
      cancellationReason: 'customer',
    })),
} as const satisfies Record<string, MakeUp>;

function openedMinutesAgo(
  { ids, settings, url }: SandboxState,
  kind: SessionKind,
  daysAgo = 0,
): Session {
  const uuid = `${kind === 'payment' ? 'pay' : 'sub'}@${ids.uuid()}`;
  const createdAt = settings.clock.now() - daysAgo * DAY_MS - 2 * MINUTE_MS;
  return {
    uuid,
    link: `${url}/checkout/${encodeURIComponent(uuid)}`,
    terms: termsOf(kind, `trigger-${ids.hex(8)}`),
    status: 'created',
    createdAt,
    expiresAt: createdAt + 24 * 60 * MINUTE_MS,
    customerUuid: ids.uuid(),
  };
}

function termsOf(kind: SessionKind, reference: string): SessionTerms {
  const txType = kind === 'payment' ? 'payment' : 'createSubscription';
  return {
    kind,
    txType,
    placeholderType: txType,
    legacy: false,
    productName: kind === 'payment' ? 'Blue T-shirt' : 'T-shirt of the month',
    description: 'Triggered in the sandbox',
    price: 4.5,
    reference,
    ...(kind === 'payment' ? {} : { frequency: { value: 1, unit: 'months' } }),
  };
}

function withFailedAttempt({ ids, settings }: SandboxState, session: Session): Session {
  return {
    ...session,
    lastAttempt: {
      status: 'failed',
      code: 'insufficient_funds',
      message: 'the wallet does not hold enough for this payment',
      txHash: `0x${ids.hex(64)}`,
      at: rfc3339(settings.clock.now()),
    },
  };
}

function sent({ ids }: SandboxState, session: Session): Session & { readonly txHash: string } {
  return { ...session, status: 'waitingConfirmation', txHash: `0x${ids.hex(64)}` };
}

/** Paid a moment ago, or `daysAgo`. */
function completed(state: SandboxState, kind: SessionKind, daysAgo = 0): Session {
  const paid = sent(state, openedMinutesAgo(state, kind, daysAgo));
  const at = state.settings.clock.now() - daysAgo * DAY_MS;
  const session: Session = { ...paid, status: 'completed', completedAt: at };
  if (kind === 'payment') return session;
  return { ...session, subscription: beginSubscription(state, session.terms, paid.txHash, at) };
}

/** A subscription of `daysAgo` to which something has happened now. */
function subscribed(
  state: SandboxState,
  daysAgo: number,
  change: (subscription: Subscription) => Partial<Subscription>,
): Session {
  const session = completed(state, 'subscription', daysAgo);
  const { subscription } = session;
  if (subscription === undefined) return session;
  const updatedAt = state.settings.clock.now();
  return { ...session, subscription: { ...subscription, updatedAt, ...change(subscription) } };
}

/** Tried for the first time, of five. */
function failedBillOf({ ids, settings }: SandboxState): FailedBill {
  const since = settings.clock.now();
  return {
    uuid: `sub-hist@${ids.uuid()}`,
    reason: 'insufficientBalance',
    since,
    attempt: 1,
    remainingAttempts: 4,
    nextAttemptAt: since + DAY_MS,
  };
}

type RefundStanding = Pick<Refund, 'status' | 'merchantMessage' | 'respondedAt' | 'txHash'>;

function withRefund(state: SandboxState, standing: RefundStanding): Session {
  const session = completed(state, 'payment');
  const refund: Refund = {
    uuid: `refund@${state.ids.uuid()}`,
    txUuid: session.uuid,
    initiatedBy: 'customer',
    reason: 'not as expected',
    percent: 100,
    createdAt: state.settings.clock.now(),
    ...standing,
  };
  return { ...session, refund };
}
