import type { ReturnOutcome, ReturnState } from './decide-outcome.js';
import { escapeHtml } from './html.js';

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

const ATTEMPT_FAILED = 'The last attempt did not go through. You can try again in the checkout.';

/** What the page says about an outcome. */
export function wordsFor(outcome: ReturnOutcome): PageWords {
  const { page, state, attemptFailed } = outcome;
  const words = page === 'cancel' && state === 'waiting' ? WAITING_AFTER_CANCEL : WORDS[state];
  return attemptFailed ? { ...words, lines: [ATTEMPT_FAILED, ...words.lines] } : words;
}

/** The default page's body, as HTML. */
export function defaultBody(outcome: ReturnOutcome): string {
  const { title, lines } = wordsFor(outcome);
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  const reference =
    outcome.uuid === undefined ? '' : `\n<small>Reference: ${escapeHtml(outcome.uuid)}</small>`;
  return `<h1>${escapeHtml(title)}</h1>\n<div role="status">\n${paragraphs}\n</div>${reference}`;
}
