import type { Machine } from '../machine.js';
import { deliveriesTable } from './deliveries-table.js';
import { eventsTable } from './events-table.js';
import { html, type Markup } from './html.js';
import type { Page } from './page.js';
import { sessionsTable } from './sessions-table.js';

/** How many rows of each table are shown. */
const ROWS = 100;

/** The sandbox at a glance: its settings, its newest sessions, deliveries and events, and what can be done with them. */
export function indexPage(machine: Machine): Page {
  const { sessions, deliveries, events } = machine;
  const body = html`<h1>QBitFlow sandbox</h1>
    ${factsOf(machine)}
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

function factsOf(machine: Machine): Markup {
  const { url, settings, secrets, target, scenarios, webSocketMode, trouble } = machine;
  const wrong = [
    ...scenarios.get(),
    ...(webSocketMode.get() === 'on' ? [] : [`WebSocket ${webSocketMode.get()}`]),
    ...(trouble.get() === undefined ? [] : ['API trouble']),
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
      <dd>${target.get()?.href ?? 'nowhere: start with --webhook <url>'}</dd>
      <dt>Goes wrong</dt>
      <dd>${wrong.join(', ') || 'nothing'}</dd>
    </dl>
    <form method="post" action="/sandbox/secret/rotate"><button>Rotate the secret</button></form>`;
}
