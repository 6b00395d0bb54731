import { beginSubscription } from '../checkout/subscriptions.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import type { SessionKind, SessionTerms } from '../state/terms.js';
import { rfc3339 } from '../time.js';

const MINUTE_MS = 60_000;

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
  subscribed: (state) => completed(state, 'subscription'),
  cancelled: (state) => cancelled(state, completed(state, 'subscription')),
} as const satisfies Record<string, MakeUp>;

function openedMinutesAgo({ ids, settings, url }: SandboxState, kind: SessionKind): Session {
  const uuid = `${kind === 'payment' ? 'pay' : 'sub'}@${ids.uuid()}`;
  const createdAt = settings.clock.now() - 2 * MINUTE_MS;
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

function completed(state: SandboxState, kind: SessionKind): Session {
  const paid = sent(state, openedMinutesAgo(state, kind));
  const at = state.settings.clock.now();
  const session: Session = { ...paid, status: 'completed', completedAt: at };
  if (kind === 'payment') return session;
  return { ...session, subscription: beginSubscription(state, session.terms, paid.txHash, at) };
}

function cancelled({ settings }: SandboxState, session: Session): Session {
  const { subscription } = session;
  if (subscription === undefined) return session;
  const at = settings.clock.now();
  const { status: previousStatus } = subscription;
  return {
    ...session,
    subscription: {
      ...subscription,
      status: 'cancelled',
      previousStatus,
      updatedAt: at,
      cancelledAt: at,
    },
  };
}
