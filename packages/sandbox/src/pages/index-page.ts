import type { Delivery, DeliveryAttempt, SandboxEvent } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { amountOf } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { html, postButton, table, type Markup } from './html.js';
import type { Page } from './page.js';

/** How many rows of each table are shown. */
const ROWS = 100;

/** The sandbox at a glance: its settings, its newest sessions, deliveries and events, and what can be done with them. */
export function indexPage(state: SandboxState): Page {
  const { sessions, deliveries, events } = state;
  const body = html`<h1>QBitFlow sandbox</h1>
    ${factsOf(state)}
    <nav>
      <a href="/">Refresh</a> <a href="#sessions">Sessions</a> <a href="#deliveries">Deliveries</a>
      <a href="#events">Events</a>
    </nav>
    <h2 id="sessions">Sessions</h2>
    ${sessionsTable(newest(sessions.list()))}
    <h2 id="deliveries">Deliveries</h2>
    ${deliveriesTable(newest(deliveries.list()))}
    <h2 id="events">Events</h2>
    ${eventsTable(newest(events.list()), new Set(deliveries.list().map(({ eventId }) => eventId)))}`;
  return { title: 'QBitFlow sandbox', body, wide: true };
}

function newest<Row>(rows: readonly Row[]): readonly Row[] {
  return rows.slice(-ROWS).toReversed();
}

function factsOf(state: SandboxState): Markup {
  const { url, settings, secrets, switches } = state;
  const { scenarios, webSocket, webhookUrl, apiFault } = switches;
  const wrong = [
    ...scenarios,
    ...(webSocket === 'on' ? [] : [`WebSocket ${webSocket}`]),
    ...(apiFault === undefined ? [] : ['API trouble']),
  ];
  return html`<dl>
      <dt>API</dt>
      <dd>${url}/v2 · ${url}/v1</dd>
      <dt>API key</dt>
      <dd>${settings.apiKey}</dd>
      <dt>Webhook secret</dt>
      <dd>
        ${secrets.current()}${secrets.active().length > 1 ? ' (the one before still signs)' : ''}
      </dd>
      <dt>Webhooks go to</dt>
      <dd>${webhookUrl?.href ?? 'nowhere: start with --webhook <url>'}</dd>
      <dt>Goes wrong</dt>
      <dd>${wrong.join(', ') || 'nothing'}</dd>
    </dl>
    <form method="post" action="/sandbox/secret/rotate"><button>Rotate the secret</button></form>`;
}

/** Sessions with a link to their checkout page, where they are paid, billed and cancelled. */
function sessionsTable(sessions: readonly Session[]): Markup {
  return table(
    ['Session', 'Product', 'USD', 'Order', 'Status', 'Opened'],
    sessions.map((session) => [
      html`<a href="${new URL(session.link).pathname}">${session.uuid}</a>`,
      session.terms.productName,
      amountOf(session.terms),
      session.terms.reference,
      standingOf(session),
      rfc3339(session.createdAt),
    ]),
  );
}

/** How a session stands, and the subscription it became. */
function standingOf({ status, lastAttempt, subscription }: Session): string {
  if (status === 'created' && lastAttempt !== undefined) return `${status}, last attempt failed`;
  if (subscription === undefined) return status;
  return `${status}, ${subscription.status}, bills: ${subscription.billCount}`;
}

/** Deliveries with every attempt and its answer. */
function deliveriesTable(deliveries: readonly Delivery[]): Markup {
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
function redeliverButton(eventId: string, label: string): Markup {
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

/** Everything that happened, in both generations' words, sent or not. */
function eventsTable(events: readonly SandboxEvent[], sentIds: ReadonlySet<string>): Markup {
  return table(
    ['Event', 'Happened', 'Sent', 'Send'],
    events.map(({ id, type, version, createdAt }) => [
      html`${type} (${version})<br /><span class="small">${id}</span>`,
      rfc3339(createdAt),
      sentIds.has(id) ? 'yes' : 'never',
      redeliverButton(id, sentIds.has(id) ? 'Send again' : 'Send'),
    ]),
  );
}
