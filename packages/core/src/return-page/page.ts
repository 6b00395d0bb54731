import type { ReturnStep } from '../status/transaction-status.js';
import { escapeHtml } from './html.js';
import type { ReturnOutcome, ReturnState } from './outcome.js';

/** The words of one page, as text. */
export interface PageWords {
  readonly title: string;
  readonly lines: readonly string[];
}

const WORDS: Readonly<Record<ReturnState, PageWords>> = {
  paid: {
    title: 'Payment received',
    lines: ['Thank you. Your payment is complete.'],
  },
  waiting: {
    title: 'Waiting for your payment',
    lines: [
      'We have not seen the final confirmation yet. This can take a few minutes.',
      'This page checks again by itself; you can also close it and come back.',
    ],
  },
  failed: {
    title: 'Payment not completed',
    lines: ['This payment did not go through. You can go back to the shop and try again.'],
  },
  expired: {
    title: 'Checkout expired',
    lines: ['This checkout ended without a payment. You can go back to the shop and start again.'],
  },
  unknown: {
    title: 'Payment not found',
    lines: ['We know of no payment under this link. If you have paid, please contact the shop.'],
  },
  invalid: {
    title: 'This link is incomplete',
    lines: ['It names no payment. Please use the link from the checkout, or contact the shop.'],
  },
};

const WAITING_AFTER_CANCEL: PageWords = {
  title: 'No payment yet',
  lines: [
    'You left the checkout, and no payment has arrived.',
    'If you did pay, this page will say so by itself in a moment.',
  ],
};

const NOT_PAID_YET: PageWords = {
  title: 'Waiting for your payment',
  lines: [
    'We have not seen your payment yet. Once you have paid, this page says so by itself.',
    'You can also close it and come back.',
  ],
};

/** A trial begins without a payment. */
const SUBSCRIBED: PageWords = {
  title: 'Subscription confirmed',
  lines: ['Thank you. Your subscription is set up.'],
};

const ATTEMPT_FAILED = 'The last attempt did not go through. You can try again in the checkout.';

/** What the page says about an outcome; `texts` are the merchant's own words. */
export function wordsFor(
  outcome: ReturnOutcome,
  texts: Partial<Readonly<Record<ReturnState, PageWords>>> = {},
): PageWords {
  const own = ownWords(outcome);
  const words = texts[outcome.state] ?? own;
  if (!outcome.attemptFailed) return words;
  // Our own first line would say that a payment is on its way.
  const rest = words === own ? words.lines.slice(1) : words.lines;
  return { ...words, lines: [ATTEMPT_FAILED, ...rest] };
}

function ownWords(outcome: ReturnOutcome): PageWords {
  const { page, state, step } = outcome;
  if (state === 'waiting' && page === 'cancel') return WAITING_AFTER_CANCEL;
  if (state === 'waiting' && step === 'customer') return NOT_PAID_YET;
  return state === 'paid' && isSubscription(outcome) ? SUBSCRIBED : WORDS[state];
}

function isSubscription({ uuid }: ReturnOutcome): boolean {
  return uuid?.startsWith('sub@') === true;
}

/** What each step is called while it lasts, and once it is over. */
const STEPS: readonly (readonly [ReturnStep, string, string])[] = [
  ['customer', 'Waiting for you to pay', 'Checkout opened'],
  ['sent', 'Payment sent', 'Payment sent'],
  ['confirming', 'Being confirmed', 'Confirmed'],
  ['paid', 'Paid', 'Paid'],
];

/** The default page's body, as HTML. The script replaces its three parts by name. */
export function defaultBody(outcome: ReturnOutcome, words: PageWords): string {
  const paragraphs = words.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return `<h1 data-part="title">${escapeHtml(words.title)}</h1>
<div data-part="news" role="status">
${paragraphs}
</div>
<div data-part="facts">
${progress(outcome)}${purchase(outcome)}${reference(outcome)}
</div>`;
}

function progress(outcome: ReturnOutcome): string {
  const { step } = outcome;
  if (step === undefined) return '';
  const reached = STEPS.findIndex(([name]) => name === step);
  const items = STEPS.map(([name, now, after], index) => {
    const last = name === 'paid' && isSubscription(outcome) ? 'Subscribed' : now;
    const label = index < reached ? after : last;
    const current = name === step ? ' aria-current="step"' : '';
    return `<li class="${index <= reached ? 'reached' : 'ahead'}"${current}>${label}</li>`;
  });
  return `<ol aria-label="Progress">${items.join('')}</ol>\n`;
}

function purchase({ details = {} }: ReturnOutcome): string {
  const { product, price, explorerUrl } = details;
  const bought = [product, price === undefined ? undefined : `${price} USD`].filter(
    (part) => part !== undefined,
  );
  const line =
    bought.length === 0 ? '' : `<p class="bought">${escapeHtml(bought.join(' · '))}</p>\n`;
  if (explorerUrl === undefined) return line;
  const href = escapeHtml(explorerUrl);
  return `${line}<p><a href="${href}" rel="noopener noreferrer">See the transaction on its chain</a></p>\n`;
}

function reference({ uuid }: ReturnOutcome): string {
  return uuid === undefined ? '' : `<small>Reference: ${escapeHtml(uuid)}</small>`;
}
