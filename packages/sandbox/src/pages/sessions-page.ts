import type { Delivery } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { amountOf } from '../state/terms.js';
import { badge, sessionBadge, standingOf } from './badges.js';
import { sessionLink } from './deliveries-page.js';
import { html, moment, table, usd, type Markup } from './html.js';
import { groupBy, listingOf, pager, searchForm, type ListQuery } from './listing.js';

const STATES = ['created', 'waitingConfirmation', 'completed', 'expired'];

/** Every session with how it stands and how its deliveries went. */
export function sessionsList({ sessions, deliveries }: SandboxState, query: ListQuery): Markup {
  const listing = listingOf(sessions.list(), query, {
    stateOf: ({ status }) => status,
    textOf: (session) => {
      const { uuid, terms, status, txHash = '', customerUuid = '' } = session;
      return [
        uuid,
        terms.kind,
        terms.productName,
        terms.reference ?? '',
        txHash,
        customerUuid,
        status,
        standingOf(session),
      ].join(' ');
    },
  });
  const byUuid = groupBy(deliveries.list(), ({ sessionUuid = '' }) => sessionUuid);
  return html`${searchForm(query, STATES, 'session id, order, product, hash or state')}
    <div id="list" data-live>
      ${table(
        ['State', 'Session', 'Product', 'Order', 'Deliveries', 'Opened'],
        listing.rows.map((session) => rowOf(session, byUuid.get(session.uuid) ?? [])),
      )}
      ${pager(listing)}
    </div>`;
}

function rowOf(
  session: Session,
  deliveries: readonly Delivery[],
): readonly (Markup | string | undefined)[] {
  const { terms, createdAt, link, status } = session;
  return [
    sessionBadge(session),
    html`${sessionLink(session.uuid)}
    ${
      status === 'created'
        ? html`<br /><a class="small" href="${new URL(link).pathname}">Open its checkout</a>`
        : undefined
    }`,
    html`${terms.productName}<br /><span class="small">${usd(amountOf(terms))} USD</span>`,
    terms.reference,
    countsOf(deliveries),
    moment(createdAt),
  ];
}

const COUNTED = [
  ['delivered', 'good'],
  ['waiting', 'busy'],
  ['failed', 'bad'],
  ['stopped', 'over'],
] as const;

function countsOf(deliveries: readonly Delivery[]): Markup {
  const counts = COUNTED.map(([state, tone]) => ({
    state,
    tone,
    count: deliveries.filter((delivery) => delivery.state === state).length,
  }));
  return html`${counts
    .filter(({ count }) => count > 0)
    .map(({ state, tone, count }) => badge(tone, `${count} ${state}`))}`;
}
