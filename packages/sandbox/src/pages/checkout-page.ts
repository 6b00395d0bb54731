import { sessionActions, type ActionName } from '../checkout/session-actions.js';
import type { Session, Subscription } from '../state/sessions.js';
import { amountOf, frequencyOf } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { feeLinesOf } from '../wire/bodies-v2.js';
import { demo } from '../wire/demo-data.js';
import { html, type Markup } from './html.js';
import type { Page } from './page.js';

/** The hosted checkout: what is sold, how it stands and, while it is open, what a customer can do. */
export function checkoutPage(session: Session): Page {
  const { terms } = session;
  const body = html`<p class="small">QBitFlow sandbox · no real money</p>
    <div class="card">
      <p class="small">${demo.organizationName}</p>
      <h1>${terms.productName}</h1>
      <p>${terms.description}</p>
      <p class="price">${usd(amountOf(terms))} USD</p>
      ${feesOf(session)} ${cycleOf(session)} ${noticeOf(session)}
      ${session.status === 'created' ? actionsOf(session) : backOf(session)}
    </div>
    <p class="small">
      ${session.uuid}${terms.reference === undefined ? '' : ` · order ${terms.reference}`}
    </p>`;
  return { title: `${terms.productName} · checkout`, body, leadsToTheShop: true };
}

/** Shown instead when the link leads nowhere. */
export function unknownCheckoutPage(): Page {
  const body = html`<h1>No such checkout</h1>
    <p>
      This sandbox has no session of that id. It forgets everything when it stops: open a new one.
    </p>`;
  return { title: 'No such checkout', body };
}

/** Cents at least; more decimals where there are more. */
function usd(amount: number): string {
  const cents = amount.toFixed(2);
  return Number(cents) === amount ? cents : String(amount);
}

function feesOf({ terms }: Session): Markup | undefined {
  const lines = feeLinesOf(terms).map(
    ({ label, amountUsd }) => `${String(label)} ${String(amountUsd)}`,
  );
  if (lines.length === 0) return undefined;
  return html`<p class="small">${usd(terms.price)} USD and fees: ${lines.join(', ')}</p>`;
}

function cycleOf({ terms }: Session): Markup | undefined {
  if (terms.kind === 'payment') return undefined;
  const frequency = frequencyOf(terms);
  const { trialPeriod: trial } = terms;
  const after = trial === undefined ? '' : `, after ${trial.value} ${trial.unit} free`;
  return html`<p>every ${frequency.value} ${frequency.unit}${after}</p>`;
}

function noticeOf({ status, lastAttempt, subscription }: Session): Markup {
  if (subscription !== undefined) return subscriptionNotice(subscription);
  if (status === 'completed') return html`<p class="notice good">Paid. Thank you.</p>`;
  if (status === 'expired') return html`<p class="notice bad">This checkout has expired.</p>`;
  if (status === 'waitingConfirmation')
    return html`<p class="notice">Payment sent, waiting for its confirmation.</p>`;
  if (lastAttempt === undefined) return html``;
  return html`<p class="notice bad">
    The last attempt failed: ${lastAttempt.message}. You can try again.
  </p>`;
}

function actionsOf(session: Session): Markup {
  return html`${button(session, 'pay', 'Pay')} ${button(session, 'fail', 'Let the payment fail')}
  ${button(session, 'abandon', 'Cancel and go back')}
  ${button(session, 'expire', 'Let the session expire')}`;
}

/** Paying twice is answered like paying once: by going back to the shop. */
function backOf(session: Session): Markup {
  if (session.status === 'expired') return html``;
  const later = sessionActions.filter(({ name, applies }) => name !== 'pay' && applies(session));
  return html`${button(session, 'pay', 'Back to the shop')}
  ${later.map(({ name, summary }) => button(session, name, LABELS[name] ?? summary))}`;
}

const LABELS: Readonly<Partial<Record<ActionName, string>>> = {
  bill: 'Bill the next period',
  cancel: 'Cancel the subscription',
};

function subscriptionNotice({ status, currentPeriodEnd, billCount }: Subscription): Markup {
  return html`<p class="notice ${status === 'cancelled' ? 'bad' : 'good'}">
    Subscription: ${status}, bills: ${billCount}, this period ends ${rfc3339(currentPeriodEnd)}.
  </p>`;
}

function button({ link }: Session, action: string, label: string): Markup {
  const { pathname } = new URL(link);
  return html`<form method="post" action="${pathname}/${action}">
    <button class="${action === 'pay' ? 'first' : ''}">${label}</button>
  </form>`;
}
