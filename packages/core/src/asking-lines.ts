import type { LogLines } from './diagnostics.js';

/** Why a return URL names no payment, by problem. */
const LINK_HINTS: Readonly<Record<string, string>> = {
  missing: 'a return URL came without an id: build successUrl and cancelUrl with returnUrl()',
  repeated: 'a return URL came with two different ids or types: name each query parameter once',
  unfilled:
    'a return URL came with its placeholder: its braces were percent-encoded when the session was created; build it with returnUrl()',
  malformed: 'a return URL came with something that is no id: probably someone trying URLs',
};

/** Every line of what asks the API: of calls, pages, live status, checkouts and recovery. */
export const ASKING_LINES = {
  call_retried: ['debug', 'a call is tried again'],
  status_not_asked: ['error', 'the status could not be asked: the page waits'],
  status_queries_crowded: [
    'warn',
    'more status queries wait than the API is asked: pages of unknown ids wait without one',
  ],
  seen_not_recorded: [
    'warn',
    'a payment that a page has seen was not recorded; its webhook or the next look will do it',
  ],
  look_unidentified: [
    'warn',
    "the API's answer names another transaction than was asked for, or none: it was not recorded, its webhook will bring it",
  ],
  no_details: ['debug', 'a page goes without details'],
  return_link_unreadable: [
    // A placeholder is the merchant's mistake; everything else a browser, a mail client or an attacker does.
    ({ problem }) => (problem === 'unfilled' ? 'warn' : 'info'),
    ({ problem }) => LINK_HINTS[String(problem)] ?? 'a return URL names no payment',
  ],
  authorize_failed: [
    'error',
    ({ err }) =>
      `authorize ${err === undefined ? 'gave no answer' : 'failed'}: the customer was not let through`,
  ],
  render_failed: [
    'error',
    ({ err }) =>
      `render ${err === undefined ? 'must return a string' : 'failed'}: the default page was shown`,
  ],
  language_not_loaded: [
    'error',
    'the words of a language could not be read, and its page was shown in English: does a bundler leave files of @qbitflow/core behind?',
  ],
  checkout_without_return: [
    'warn',
    "a checkout was opened without a successUrl, so customers stay on QBitFlow's page after they have paid: give createQBitFlow a publicUrl, where the routes are mounted, e.g. https://shop.example/qbitflow",
  ],
} as const satisfies LogLines;
