import { report } from '../delivery/publish.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import type { SessionTerms } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { findOpenSession } from './find-session.js';
import { beginSubscription } from './subscriptions.js';

const MINUTE_MS = 60_000;
const LINK_LIFE_MINUTES = 24 * 60;

/** Opens a session on the merchant's terms; it expires by itself when its link's life is over. */
export function openSession(state: SandboxState, terms: SessionTerms): Session {
  const { ids, sessions, settings, url } = state;
  const uuid = `${terms.kind === 'payment' ? 'pay' : 'sub'}@${ids.uuid()}`;
  const createdAt = settings.clock.now();
  const lifeMs = (terms.expiresInMinutes ?? LINK_LIFE_MINUTES) * MINUTE_MS;
  const session: Session = {
    uuid,
    link: `${url}/checkout/${encodeURIComponent(uuid)}`,
    terms,
    status: 'created',
    createdAt,
    expiresAt: createdAt + lifeMs,
    ...(terms.customerUuid === undefined ? {} : { customerUuid: terms.customerUuid }),
  };
  sessions.save(session);
  return session;
}

/** Pays a session. It completes at once, or after `confirmationMs` as `waitingConfirmation`. Throws unless it is open. */
export function paySession(state: SandboxState, uuid: string): Session {
  const open = findOpenSession(state, uuid);
  const { ids, sessions, settings } = state;
  const sent: Session = {
    ...open,
    status: 'waitingConfirmation',
    txHash: `0x${ids.hex(64)}`,
    sentAt: settings.clock.now(),
    customerUuid: open.customerUuid ?? ids.uuid(),
  };
  if (settings.confirmationMs === 0) return completeSession(state, sent);
  sessions.save(sent);
  return sent;
}

/** The second half of a confirmation begins: v1 has a word of its own for it, `pending`. */
export function settleSession({ sessions }: SandboxState, sent: Session): void {
  sessions.save({ ...sent, settling: true });
}

/** A payment that was sent is confirmed: the session becomes a payment or a subscription. */
export function completeSession(state: SandboxState, sent: Session): Session {
  const { terms, txHash = '' } = sent;
  const at = state.settings.clock.now();
  const completed: Session = {
    ...sent,
    status: 'completed',
    completedAt: at,
    settling: undefined,
  };
  if (terms.kind === 'payment') return report(state, completed, 'completed');
  const subscription = beginSubscription(state, terms, txHash, at);
  const subscribed: Session = { ...completed, subscription };
  if (subscription.lastBill === undefined) return report(state, subscribed, 'completed');
  return report(state, subscribed, 'completed', 'billed');
}

/** An attempt to pay fails. The session stays open: a failed attempt is never final. Throws unless it is open. */
export function failSession(state: SandboxState, uuid: string): Session {
  const open = findOpenSession(state, uuid);
  const { ids, settings } = state;
  const failed: Session = {
    ...open,
    lastAttempt: {
      status: 'failed',
      code: 'insufficient_funds',
      message: 'the wallet does not hold enough for this payment',
      txHash: `0x${ids.hex(64)}`,
      at: rfc3339(settings.clock.now()),
    },
  };
  return report(state, failed, 'failed');
}

/** Ends an unpaid session. Throws when it is paid, being paid or has expired already. */
export function expireSession(state: SandboxState, uuid: string): Session {
  const open = findOpenSession(state, uuid);
  const { clock } = state.settings;
  const expired: Session = {
    ...open,
    status: 'expired',
    expiresAt: Math.min(open.expiresAt, clock.now()),
  };
  return report(state, expired, 'expired');
}
