import type { ActionField } from '../checkout/action-fields.js';
import { sessionActions, type SessionAction } from '../checkout/session-actions.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, Subscription } from '../state/sessions.js';
import { amountOf, frequencyOf } from '../state/terms.js';
import { badge, sessionBadge, type Tone } from './badges.js';
import { eventCard } from './deliveries-view.js';
import { groupBy } from './listing.js';
import { html, moment, usd, type Markup } from './html.js';
import type { Page } from './page.js';

/** One session: what it is about, what can be done with it, and all that happened, from its opening to the last attempt. */
export function sessionPage(state: SandboxState, session: Session): Page {
  const { terms } = session;
  const body = html`<div id="session" data-live>
      <h1>${terms.productName} ${sessionBadge(session)}</h1>
      <p class="small id">${session.uuid}</p>
      ${factsOf(session)}
    </div>
    <div id="actions" data-live>${actionsOf(session)}</div>
    <h2>What happened</h2>
    <ol class="timeline" id="timeline" data-live>
      ${timelineOf(state, session)}
    </ol>`;
  return { title: `${terms.productName} · QBitFlow sandbox`, body, desk: 'sessions' };
}

/** Shown where a session's address leads to none. */
export function unknownSessionPage(): Page {
  const body = html`<h1>No such session</h1>
    <p>This sandbox knows none of that id. It forgets everything when it stops.</p>
    <p><a href="/">All sessions</a></p>`;
  return { title: 'No such session', body, desk: 'sessions' };
}

function factsOf(session: Session): Markup {
  const { terms, link, expiresAt, status, txHash, customerUuid, subscription, refund } = session;
  const checkout = new URL(link).pathname;
  const facts: readonly (readonly [string, Markup | string | undefined])[] = [
    [
      'Amount',
      `${usd(amountOf(terms))} USD${terms.kind === 'payment' ? '' : ` every ${periodOf(session)}`}`,
    ],
    ['Order', terms.reference],
    ['Description', terms.description],
    ['Customer', terms.customerReference ?? customerUuid],
    ['Paid by', session.payer && `${session.payer.name} <${session.payer.email}>`],
    ['Checkout', html`<a href="${checkout}">${checkout}</a>`],
    ['Expires', status === 'created' ? moment(expiresAt) : undefined],
    ['Transaction', txHash],
    ['Bills', subscription && String(subscription.billCount)],
    ['Period ends', subscription && moment(subscription.currentPeriodEnd)],
    ['Customer has to', subscription?.actionRequired],
    ['Bills will fail', subscription?.billsFail],
    ['Next try', nextTryOf(subscription)],
    ['Refund', refund && `${refund.percent} %, ${refund.status}`],
  ];
  return html`<dl>
    ${facts
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd class="id">${value}</dd>`,
      )}
  </dl>`;
}

function nextTryOf(subscription: Subscription | undefined): Markup | undefined {
  const at =
    subscription?.status === 'pastDue' ? subscription.failedBill?.nextAttemptAt : undefined;
  return at === undefined ? undefined : moment(at);
}

function periodOf({ terms }: Session): string {
  const { value, unit } = frequencyOf(terms);
  return value === 1 ? unit.replace(/s$/, '') : `${value} ${unit}`;
}

function actionsOf(session: Session): Markup {
  const possible = sessionActions.filter(({ applies }) => applies(session));
  if (possible.length === 0) return html``;
  return html`<h2>What can be done</h2>
    <div class="actions">${possible.map((action) => actionForm(session, action))}</div>`;
}

function actionForm({ uuid }: Session, { name, summary, fields }: SessionAction): Markup {
  const action = `/sessions/${encodeURIComponent(uuid)}/${name}`;
  return html`<form class="action" method="post" action="${action}" data-inline="${name}">
    <button id="do-${name}" aria-describedby="about-${name}">${labelOf(name)}</button>
    ${fields.map((field) => fieldOf(name, field))}
    <span class="small" id="about-${name}">${summary}</span>
  </form>`;
}

/** `requestRefund` → `Request refund`. */
function labelOf(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function fieldOf(action: string, { name, hint, choices }: ActionField): Markup {
  const id = `${action}-${name}`;
  if (choices === undefined)
    return html`<input
      id="${id}"
      name="${name}"
      placeholder="${name}"
      aria-label="${name}: ${hint}"
    />`;
  return html`<select id="${id}" name="${name}" aria-label="${name}: ${hint}">
    ${choices.map((choice) => html`<option>${choice}</option>`)}
  </select>`;
}

interface TimelineItem {
  readonly at: number;
  readonly markup: Markup;
}

/** Of what happened in one moment, the session's own doing stands before what was told of it. */
function timelineOf(state: SandboxState, session: Session): readonly Markup[] {
  const { uuid } = session;
  const told = state.events.list().filter(({ sessionUuid }) => sessionUuid === uuid);
  const shown = told.slice(-MOST_EVENTS);
  const own = state.deliveries.list().filter(({ sessionUuid }) => sessionUuid === uuid);
  const ways = groupBy(own, ({ eventId }) => eventId);
  const items = shown.map((event): TimelineItem => {
    const markup = html`<li>${eventCard(event, ways.get(event.id) ?? [])}</li>`;
    return { at: event.createdAt, markup };
  });
  return [
    ...earlierEvents(session, told.length - shown.length),
    ...[...milestonesOf(session), ...items]
      .toSorted((one, other) => one.at - other.at)
      .map(({ markup }) => markup),
  ];
}

/** Years of a subscription make no page that a browser could show. */
const MOST_EVENTS = 100;

function earlierEvents({ uuid }: Session, count: number): readonly Markup[] {
  if (count === 0) return [];
  const address = `/events?q=${encodeURIComponent(uuid)}`;
  return [html`<li><a href="${address}">${count} earlier events</a> are not shown here.</li>`];
}

function milestonesOf(session: Session): readonly TimelineItem[] {
  const { createdAt, lastAttempt, completedAt, status, expiresAt, subscription, txHash } = session;
  const bill = subscription?.lastBill;
  return [
    milestone(createdAt, 'open', 'Session opened'),
    ...(lastAttempt === undefined
      ? []
      : [milestone(Date.parse(lastAttempt.at), 'bad', 'Attempt failed', lastAttempt.message)]),
    ...(completedAt === undefined ? [] : [milestone(completedAt, 'good', 'Paid', txHash)]),
    ...(status === 'expired' ? [milestone(expiresAt, 'over', 'Expired')] : []),
    ...(bill === undefined || bill.at === completedAt
      ? []
      : [milestone(bill.at, 'good', 'Billed', bill.txHash)]),
    ...(subscription?.cancelledAt === undefined
      ? []
      : [milestone(subscription.cancelledAt, 'over', 'Cancelled')]),
  ];
}

function milestone(at: number, tone: Tone, text: string, detail?: string): TimelineItem {
  const markup = html`<li>
    <p class="line">${badge(tone, text)} <span class="small">${moment(at)}</span></p>
    ${detail === undefined ? undefined : html`<p class="small id">${detail}</p>`}
  </li>`;
  return { at, markup };
}
