import { sessionActions, type ActionName } from '../checkout/session-actions.js';
import type { Session, Subscription } from '../state/sessions.js';
import { amountOf, frequencyOf } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { feeLinesOf } from '../wire/bodies-v2.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { currencies, demo } from '../wire/demo-data.js';
import { html, moment, usd, type Markup } from './html.js';
import type { Page } from './page.js';
import { asksForPayer } from './payer.js';

/** The hosted checkout as of `now` (ms): what is sold, how it stands and, while it is open, what a customer can do. */
export function checkoutPage(session: Session, now: number): Page {
  const { terms, status } = session;
  const body = html`<p class="small center">QBitFlow sandbox · no real money</p>
    <div class="card">
      <p class="small">${demo.organizationName}</p>
      <h1>${terms.productName}</h1>
      ${terms.description === undefined ? undefined : html`<p>${terms.description}</p>`}
      <p class="price">${usd(amountOf(terms))} USD</p>
      ${feesOf(session)} ${cycleOf(session)}
      <div id="standing" data-live>${noticeOf(session)}</div>
      ${status === 'created' ? paymentOf(session, now) : backOf(session)}
    </div>
    ${status === 'created' ? otherWays(session) : undefined}
    <p class="small center">
      ${session.uuid}${terms.reference === undefined ? '' : ` · order ${terms.reference}`}<br />
      <a href="/sessions/${encodeURIComponent(session.uuid)}">What was told of it</a>
    </p>`;
  return {
    title: `${terms.productName} · checkout`,
    body,
    leadsToTheShop: true,
    live: status === 'waitingConfirmation',
  };
}

/** Shown instead when the link leads nowhere. */
export function unknownCheckoutPage(): Page {
  const body = html`<h1>No such checkout</h1>
    <p>
      This sandbox has no session of that id. It forgets everything when it stops: open a new one.
    </p>`;
  return { title: 'No such checkout', body };
}

/** What makes up the amount, where that is more than the price. */
function feesOf({ terms }: Session): Markup | undefined {
  const lines = feeLinesOf(terms);
  if (lines.length === 0) return undefined;
  return html`<dl class="fees">
    <dt>Price</dt>
    <dd>${usd(terms.price)}</dd>
    ${lines.map(
      (line) =>
        html`<dt>
            ${wordOf(line, 'label')} <span class="small">${wordOf(line, 'description')}</span>
          </dt>
          <dd>${usd(Number(line['amountUsd']))}</dd>`,
    )}
  </dl>`;
}

function wordOf(line: JsonObject, field: string): string {
  const word = line[field];
  return typeof word === 'string' ? word : '';
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

/** Who pays, with what, and until when. */
function paymentOf(session: Session, now: number): Markup {
  return html`<form method="post" action="${pathOf(session)}/pay">
    ${asksForPayer(session) ? payerFields() : undefined} ${currencyFields()}
    <button class="first">Pay</button>
    <p class="small center">
      Expires in
      <span class="left" data-left-ms="${Math.max(0, session.expiresAt - now)}" role="timer"
        >time, at ${moment(session.expiresAt)} UTC</span
      >
    </p>
  </form>`;
}

/** Filled in, because it is a sandbox: nobody has to invent a customer for every try. */
function payerFields(): Markup {
  return html`<label for="payer-name">Name</label>
    <input
      id="payer-name"
      name="name"
      autocomplete="name"
      value="Casey Customer"
      maxlength="100"
      required
    />
    <label for="payer-email">E-mail</label>
    <input
      id="payer-email"
      name="email"
      type="email"
      autocomplete="email"
      value="casey@example.com"
      maxlength="254"
      required
    />`;
}

function currencyFields(): Markup {
  return html`<fieldset>
    <legend>Pay with</legend>
    ${currencies.map(
      ({ id, symbol, name }, index) =>
        html`<label class="choice"
          ><input type="radio" name="currency" value="${id}" ${index === 0 ? CHECKED : undefined} />
          <b>${symbol}</b> <span class="small">${name} on ${demo.chain}</span></label
        >`,
    )}
  </fieldset>`;
}

const CHECKED = html`checked`;

/** What a customer does as well, and a developer wants to see. */
function otherWays(session: Session): Markup {
  return html`<section class="card" aria-label="What else may happen">
    ${button(session, 'fail', 'Let the payment fail')}
    ${button(session, 'abandon', 'Cancel and go back')}
    ${button(session, 'expire', 'Let the session expire')}
  </section>`;
}

/** Paying twice is answered like paying once: by going back to the shop. */
function backOf(session: Session): Markup {
  if (session.status === 'expired') return html``;
  const later = sessionActions.filter(({ name, applies }) => name in LATER && applies(session));
  return html`${button(session, 'pay', 'Back to the shop')}
  ${later.map(({ name }) => button(session, name, LATER[name] ?? name))}`;
}

/** What a customer brings about later; all the rest is on the session's own page. */
const LATER: Readonly<Partial<Record<ActionName, string>>> = {
  bill: 'Bill the next period',
  cancel: 'Cancel the subscription',
};

function subscriptionNotice({ status, currentPeriodEnd, billCount }: Subscription): Markup {
  return html`<p class="notice ${status === 'cancelled' ? 'bad' : 'good'}">
    Subscription: ${status}, bills: ${billCount}, this period ends ${rfc3339(currentPeriodEnd)}.
  </p>`;
}

function button(session: Session, action: string, label: string): Markup {
  return html`<form method="post" action="${pathOf(session)}/${action}">
    <button class="${action === 'pay' ? 'first' : ''}">${label}</button>
  </form>`;
}

function pathOf({ link }: Session): string {
  return new URL(link).pathname;
}
