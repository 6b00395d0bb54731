import { escapeHtml } from '../escape-html.js';
import { iconHtml, iconOf } from './icons.js';
import type { ReturnOutcome } from './outcome.js';
import { isSubscription } from './page-words.js';
import { amountOf, receiptOf } from './receipt.js';
import { retryUrlFor, type PageWords, type ReturnOptions } from './return-options.js';
import type { ReturnStep } from '../status/transaction-status.js';
import type { TextName } from './words/catalogue.js';
import type { Language } from './words/language.js';

/** What the default page is made of beside the outcome. */
export interface PageParts extends Pick<ReturnOptions, 'brand' | 'retryUrl'> {
  readonly words: PageWords;
  readonly language: Language;
}

/** The default page's body, as HTML. The script replaces its parts by name. */
export function defaultBody(outcome: ReturnOutcome, parts: PageParts): string {
  const { words, language } = parts;
  const paragraphs = words.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return `<div data-part="icon">${iconHtml(iconOf(outcome), language)}</div>
<h1 data-part="title">${escapeHtml(words.title)}</h1>
<div data-part="amount">
${hasAmount(outcome) ? amountOf(outcome, language) : ''}</div>
<div data-part="news" role="status">
${paragraphs}
</div>
<div data-part="facts">
${progress(outcome, language)}${receiptOf(outcome, language)}</div>
<div data-part="actions">${actions(outcome, parts)}</div>`;
}

/** Nothing was paid and nothing will be: the amount is no news. */
function hasAmount({ state }: ReturnOutcome): boolean {
  return state === 'paid' || state === 'waiting';
}

/** The shop's logo, or its name; the script leaves it alone. */
export function pageHeader({ brand }: Pick<PageParts, 'brand'>): string {
  if (brand === undefined) return '';
  const { name, logo } = brand;
  const shown =
    logo === undefined
      ? `<bdi>${escapeHtml(name)}</bdi>`
      : `<img src="${escapeHtml(logo)}" alt="${escapeHtml(name)}">`;
  return `<header>${shown}</header>\n`;
}

/** Where customers find help. */
export function pageFooter({ brand, language }: Pick<PageParts, 'brand' | 'language'>): string {
  const { name = '', supportUrl } = brand ?? {};
  if (supportUrl === undefined) return '';
  const label = language.say('contactShop', { shop: name });
  return `<footer><a href="${escapeHtml(supportUrl)}">${escapeHtml(label)}</a></footer>\n`;
}

/** What each step is called while it lasts, and once it is over. */
const STEPS: readonly (readonly [
  ReturnStep,
  now: TextName & `step${string}`,
  after: TextName & `step${string}`,
])[] = [
  ['customer', 'stepToPay', 'stepOpened'],
  ['sent', 'stepSent', 'stepSent'],
  ['confirming', 'stepConfirming', 'stepConfirming'],
  ['paid', 'stepPaid', 'stepPaid'],
];

/** How far a payment is that is not there yet. Where an attempt failed, nothing is on its way. */
function progress(outcome: ReturnOutcome, language: Language): string {
  const { state, step, attemptFailed } = outcome;
  if (step === undefined || state !== 'waiting' || attemptFailed) return '';
  const reached = STEPS.findIndex(([name]) => name === step);
  const items = STEPS.map(([name, now, after], index) => {
    const last = name === 'paid' && isSubscription(outcome) ? 'stepSubscribed' : now;
    const label = escapeHtml(language.say(index < reached ? after : last));
    const current = name === step ? ' aria-current="step"' : '';
    return `<li class="${index <= reached ? 'reached' : 'ahead'}"${current}>${label}</li>`;
  });
  return `<ol aria-label="${escapeHtml(language.say('progress'))}">${items.join('')}</ol>\n`;
}

interface Action {
  readonly label: string;
  readonly href: string;
}

/** What the customer can do now, the likeliest first. */
function actions(outcome: ReturnOutcome, parts: PageParts): string {
  const { language } = parts;
  const links = linksFor(outcome, parts).map(linkHtml);
  const print =
    outcome.state === 'paid'
      ? [
          `\n<button type="button" data-print hidden>${escapeHtml(language.say('printReceipt'))}</button>`,
        ]
      : [];
  return [...links, ...print].join('');
}

function linkHtml({ label, href }: Action, index: number): string {
  return `\n<a${index === 0 ? ' class="main"' : ''} href="${escapeHtml(href)}">${escapeHtml(label)}</a>`;
}

/** The way back to the shop, as the one thing to do; '' where none is known. */
export function backLink(brand: PageParts['brand'], language: Language): string {
  if (brand?.homeUrl === undefined) return '';
  const label = language.say('backToShop', { shop: brand.name });
  return linkHtml({ label, href: brand.homeUrl }, 0);
}

function linksFor(outcome: ReturnOutcome, { brand, retryUrl, language }: PageParts): Action[] {
  const { state, uuid, step, attemptFailed, trouble, details = {} } = outcome;
  const { checkoutUrl, manageUrl } = details;
  const found: (Action | undefined)[] = [];
  const link = (label: string, href: string | undefined): void => {
    if (href !== undefined) found.push({ label, href });
  };
  const retry = retryUrl === undefined ? undefined : retryUrlFor(retryUrl, uuid);
  const hasEnded = state === 'failed' || state === 'expired';
  const canPay = state === 'waiting' && step === 'customer';
  if (canPay && checkoutUrl !== undefined) link(language.say('returnToCheckout'), checkoutUrl);
  else if (hasEnded || attemptFailed || (canPay && outcome.page === 'cancel'))
    link(language.say('tryAgain'), retry);
  // An empty address is the page's own.
  if (trouble !== undefined) link(language.say('checkAgain'), '');
  if (brand !== undefined) link(language.say('backToShop', { shop: brand.name }), brand.homeUrl);
  if (state === 'paid')
    link(language.say(isSubscription(outcome) ? 'manageSubscription' : 'managePayment'), manageUrl);
  return found.filter((action) => action !== undefined);
}
