import type { Delivery, SandboxEvent } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { badge, deliveryBadge } from './badges.js';
import { sessionLink } from './deliveries-page.js';
import { eventCard, redeliverButton } from './deliveries-view.js';
import { html, moment, table, type Markup } from './html.js';
import { listingOf, pager, searchForm, type ListQuery } from './listing.js';
import type { Page } from './page.js';

/** Everything that happened, in both generations' words, sent or not. */
export function eventsList(
  { events, deliveries, sessions }: SandboxState,
  query: ListQuery,
): Markup {
  const latest = new Map(deliveries.list().map((delivery) => [delivery.eventId, delivery]));
  const stateOf = ({ id }: SandboxEvent): string => latest.get(id)?.state ?? 'not sent';
  const listing = listingOf(events.list(), query, {
    stateOf,
    textOf: (event) =>
      [
        event.id,
        event.type,
        event.version,
        event.sessionUuid ?? '',
        stateOf(event),
        sessions.find(event.sessionUuid ?? '')?.terms.reference ?? '',
      ].join(' '),
  });
  const states = ['delivered', 'waiting', 'failed', 'stopped', 'not sent'];
  return html`${searchForm(query, states, 'event id, session, order or type')}
    <div id="list" data-live>
      ${table(
        ['Event', 'Session', 'Happened', 'Sent', ''],
        listing.rows.map((event) => rowOf(event, latest.get(event.id))),
      )}
      ${pager(listing)}
    </div>`;
}

function rowOf(
  event: SandboxEvent,
  delivery: Delivery | undefined,
): readonly (Markup | undefined)[] {
  const { id, type, version, createdAt, sessionUuid } = event;
  return [
    html`<a class="name" href="/events/${encodeURIComponent(id)}">${type}</a>
      <span class="small">${version}</span><br /><span class="small id">${id}</span>`,
    sessionUuid === undefined ? undefined : sessionLink(sessionUuid),
    moment(createdAt),
    delivery === undefined ? badge('over', 'not sent') : deliveryBadge(delivery),
    redeliverButton(id, delivery === undefined ? 'Send' : 'Send again', id),
  ];
}

/** One event: its deliveries, what was sent, and the body as it is signed. */
export function eventPage({ deliveries }: SandboxState, event: SandboxEvent): Page {
  const sent = deliveries.listOf(event.id);
  const headers = sent.at(-1)?.attempts.at(-1)?.headers;
  const body = html`<h1>${event.type}</h1>
    <p class="small id">
      ${event.id}${event.sessionUuid === undefined ? undefined : html` · ${sessionLink(event.sessionUuid)}`}
    </p>
    <div id="deliveries" data-live>${eventCard(event, sent)}</div>
    <h2>Body</h2>
    <pre tabindex="0">${pretty(event.text)}</pre>
    ${
      headers === undefined
        ? undefined
        : html`<h2>Headers of the latest attempt</h2>
            <pre tabindex="0">
${Object.entries(headers)
                .map(([name, value]) => `${name}: ${value}`)
                .join('\n')}</pre>`
    }`;
  return { title: `${event.type} · QBitFlow sandbox`, body, desk: 'events' };
}

/** For reading: what is signed has no white space. A body of the merchant's own may be no JSON. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
