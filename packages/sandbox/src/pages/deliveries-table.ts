import { rfc3339 } from '../rfc3339.js';
import type { Delivery, DeliveryAttempt } from '../state/deliveries.js';
import { html, type Markup } from './html.js';
import { postButton, table } from './table.js';

/** Deliveries with every attempt and its answer. */
export function deliveriesTable(deliveries: readonly Delivery[]): Markup {
  return table(
    ['Event', 'To', 'State', 'Attempts', 'Again'],
    deliveries.map((delivery) => [
      html`${delivery.type} (${delivery.version})<br /><span class="small"
          >${delivery.eventId}</span
        >`,
      delivery.url,
      delivery.state,
      attemptsOf(delivery),
      redeliverButton(delivery.eventId, 'Redeliver'),
    ]),
  );
}

/** Sends a logged event once more. */
export function redeliverButton(eventId: string, label: string): Markup {
  return postButton(`/sandbox/events/${encodeURIComponent(eventId)}/redeliver`, label);
}

function attemptsOf({ attempts }: Delivery): Markup | string {
  if (attempts.length === 0) return 'none yet';
  return html`<ol>
    ${attempts.map(attemptItem)}
  </ol>`;
}

function attemptItem({ at, durationMs, status, error }: DeliveryAttempt): Markup {
  return html`<li>
    ${status ?? error} <span class="small">${rfc3339(at)}, ${durationMs} ms</span>
  </li>`;
}
