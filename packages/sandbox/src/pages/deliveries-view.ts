import type { Delivery, DeliveryAttempt, SandboxEvent } from '../state/events.js';
import { badge, deliveryBadge } from './badges.js';
import { html, moment, postButton, type Markup } from './html.js';

/** Sends a logged event once more. */
export function redeliverButton(eventId: string, label: string, place: string): Markup {
  const id = encodeURIComponent(eventId);
  return postButton(`/sandbox/events/${id}/redeliver`, label, `again-${place}`);
}

/** An event with every way it took: its deliveries, their attempts, what the shop answered, and what to try. */
export function eventCard(event: SandboxEvent, deliveries: readonly Delivery[]): Markup {
  const { id, type, version, createdAt } = event;
  return html`<div class="event">
    <p class="line">
      <a href="/events/${encodeURIComponent(id)}"><strong>${type}</strong></a>
      <span class="small">${version} · ${moment(createdAt)}</span>
      ${deliveries.length === 0 ? badge('over', 'not sent') : undefined}
    </p>
    ${earlierDeliveries(id, deliveries.length)}
    ${deliveries.slice(-MOST_DELIVERIES).map(deliveryCard)}
    ${redeliverButton(id, deliveries.length === 0 ? 'Send' : 'Send again', id)}
  </div>`;
}

/** An event can be sent again as often as one likes. */
const MOST_DELIVERIES = 20;

function earlierDeliveries(eventId: string, count: number): Markup | undefined {
  if (count <= MOST_DELIVERIES) return undefined;
  const address = `/deliveries?q=${encodeURIComponent(eventId)}`;
  return html`<p class="small">
    <a href="${address}">${count - MOST_DELIVERIES} earlier deliveries</a> are not shown here.
  </p>`;
}

function deliveryCard(delivery: Delivery): Markup {
  return html`<div class="delivery">
    <p class="line">${deliveryBadge(delivery)} <span class="small">to ${delivery.url}</span></p>
    ${attemptsOf(delivery)}
  </div>`;
}

/** Every attempt of a delivery, oldest first. */
export function attemptsOf({ attempts }: Delivery): Markup {
  return html`<ol class="attempts">
    ${attempts.map(attemptItem)}
  </ol>`;
}

function attemptItem(attempt: DeliveryAttempt): Markup {
  const { at, durationMs, hint } = attempt;
  const tone = hint === undefined ? 'good' : 'bad';
  return html`<li>
    ${badge(tone, outcomeOf(attempt))}
    <span class="small">${moment(at)} · ${durationMs} ms</span>
    ${answerOf(attempt)}
  </li>`;
}

/** The status, or why there is none. */
export function outcomeOf({ status, error, location }: DeliveryAttempt): string {
  return [status ?? error ?? '', ...(location === undefined ? [] : [`to ${location}`])].join(' ');
}

/** What the shop answered, and what to try where that was not accepted. */
export function answerOf({ answer, hint }: DeliveryAttempt): Markup {
  return html`${answer === undefined ? undefined : html`<code class="answer">${answer}</code>`}
  ${hint === undefined ? undefined : html`<p class="hint"><b>Try:</b> ${hint}</p>`}`;
}
