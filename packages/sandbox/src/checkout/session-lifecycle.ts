import { publish } from '../delivery/publish.js';
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
  const { ids, sessions, settings, url, timers } = state;
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
  timers.after(lifeMs, () => {
    if (sessions.find(uuid)?.status === 'created') expireSession(state, uuid);
  });
  return session;
}

/** Pays a session. It completes at once, or after `confirmationMs` as `waitingConfirmation`. Throws unless it is open. */
export function paySession(state: SandboxState, uuid: string): Session {
  const open = findOpenSession(state, uuid);
  const { ids, settings } = state;
  const sent: SentSession = {
    ...open,
    status: 'waitingConfirmation',
    txHash: `0x${ids.hex(64)}`,
    customerUuid: open.customerUuid ?? ids.uuid(),
  };
  return settings.confirmationMs === 0 ? complete(state, sent) : confirm(state, sent);
}

type SentSession = Session & { readonly txHash: string };

/** The hash is there from the start; v1 has a word of its own, `pending`, for the second half. */
function confirm(state: SandboxState, sent: SentSession): Session {
  const { sessions, timers, settings } = state;
  sessions.save(sent);
  timers.after(Math.ceil(settings.confirmationMs / 2), () => {
    sessions.save({ ...sent, settling: true });
  });
  timers.after(settings.confirmationMs, () => {
    complete(state, sent);
  });
  return sent;
}

function complete(state: SandboxState, sent: SentSession): Session {
  const { terms, txHash } = sent;
  const at = state.settings.clock.now();
  const completed: Session = { ...sent, status: 'completed', completedAt: at };
  if (terms.kind === 'payment') {
    state.sessions.save(completed);
    publish(state, completed, 'completed');
    return completed;
  }
  const subscription = beginSubscription(state, terms, txHash, at);
  const subscribed: Session = { ...completed, subscription };
  state.sessions.save(subscribed);
  if (subscription.lastBill === undefined) publish(state, subscribed, 'completed');
  else publish(state, subscribed, 'completed', 'billed');
  return subscribed;
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
  state.sessions.save(failed);
  publish(state, failed, 'failed');
  return failed;
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
  state.sessions.save(expired);
  publish(state, expired, 'expired');
  return expired;
}
