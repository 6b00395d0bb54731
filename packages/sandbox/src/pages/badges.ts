import type { Delivery } from '../state/events.js';
import type { Session, SubscriptionStatus } from '../state/sessions.js';
import { html, type Markup } from './html.js';

/** How something stands: a colour for those who see it, a shape for those who do not. */
export type Tone = 'good' | 'bad' | 'busy' | 'open' | 'over';

const SHAPES: Readonly<Record<Tone, string>> = {
  good: '✓',
  bad: '✕',
  busy: '▲',
  open: '○',
  over: '■',
};

/** A state in its colour, with its shape. */
export function badge(tone: Tone, text: string): Markup {
  return html`<span class="badge ${tone}"
    ><span aria-hidden="true">${SHAPES[tone]}</span> ${text}</span
  >`;
}

const DELIVERY_TONES: Readonly<Record<Delivery['state'], Tone>> = {
  delivered: 'good',
  failed: 'bad',
  waiting: 'busy',
  stopped: 'over',
};

/** How a delivery stands. */
export function deliveryBadge({ state, attempts }: Delivery): Markup {
  const retrying = state === 'waiting' && attempts.length > 0;
  return badge(DELIVERY_TONES[state], retrying ? 'retrying' : state);
}

/** How a session stands, and the subscription it became. */
export function sessionBadge(session: Session): Markup {
  return badge(toneOf(session), standingOf(session));
}

const SUBSCRIPTION_TONES: Readonly<Record<SubscriptionStatus, Tone>> = {
  trial: 'open',
  active: 'good',
  trialExpired: 'bad',
  pastDue: 'bad',
  paused: 'busy',
  stopped: 'over',
  cancelled: 'over',
};

function toneOf({ status, lastAttempt, subscription }: Session): Tone {
  if (status === 'expired') return 'over';
  if (status === 'waitingConfirmation') return 'busy';
  if (status === 'created') return lastAttempt === undefined ? 'open' : 'bad';
  return subscription === undefined ? 'good' : SUBSCRIPTION_TONES[subscription.status];
}

/** The same in words. */
export function standingOf({ status, lastAttempt, subscription }: Session): string {
  if (status === 'created' && lastAttempt !== undefined) return 'attempt failed';
  return subscription === undefined ? status : subscription.status;
}
