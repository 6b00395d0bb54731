import type { Delivery } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { deliveryBadge } from './badges.js';
import { answerOf, outcomeOf, redeliverButton } from './deliveries-view.js';
import { html, moment, table, type Markup } from './html.js';
import { listingOf, pager, searchForm, type ListQuery } from './listing.js';

const STATES: readonly Delivery['state'][] = ['waiting', 'delivered', 'failed', 'stopped'];

/** Every delivery with its latest attempt. */
export function deliveriesList({ deliveries, sessions }: SandboxState, query: ListQuery): Markup {
  const listing = listingOf(deliveries.list(), query, {
    stateOf: ({ state }) => state,
    textOf: ({ id, eventId, type, version, url, state, sessionUuid = '' }) =>
      [
        id,
        eventId,
        type,
        version,
        url,
        state,
        sessionUuid,
        sessions.find(sessionUuid)?.terms.reference ?? '',
      ].join(' '),
  });
  return html`${searchForm(query, STATES, 'event id, session, order, type or URL')}
    <div id="list" data-live>
      ${table(['State', 'Event', 'Session', 'The shop answered', ''], listing.rows.map(rowOf))}
      ${pager(listing)}
    </div>`;
}

function rowOf(delivery: Delivery): readonly (Markup | undefined)[] {
  const { id, eventId, type, version, url, sessionUuid, attempts, createdAt } = delivery;
  const last = attempts.at(-1);
  return [
    html`${deliveryBadge(delivery)}<br /><span class="small">${moment(createdAt)}</span>`,
    html`<a class="name" href="/events/${encodeURIComponent(eventId)}">${type}</a>
      <span class="small">${version}</span><br /><span class="small id">${eventId}</span>`,
    sessionUuid === undefined ? undefined : sessionLink(sessionUuid),
    last === undefined
      ? undefined
      : html`<b>${outcomeOf(last)}</b>
          <span class="small" title="${url}"
            >attempt ${last.number}, ${last.durationMs} ms, ${new URL(url).pathname}</span
          >
          ${answerOf(last)}`,
    redeliverButton(eventId, 'Send again', id),
  ];
}

/** To a session's own page. */
export function sessionLink(uuid: string): Markup {
  return html`<a class="id" href="/sessions/${encodeURIComponent(uuid)}">${uuid}</a>`;
}
