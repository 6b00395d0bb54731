import { channel, type Channel } from 'node:diagnostics_channel';
import { silence, type Logger } from './logger.js';

/**
 * What happens to deliveries, by stable code: the level of its log line and its sentence. Each code is also a
 * `diagnostics_channel` named `qbitflow:<code>`, whose messages are the facts. Neither ever holds a body or a secret.
 * What a subscriber throws is an uncaught exception by Node's own rule; the delivery goes on.
 */
export const STEPS = {
  delivery_received: ['debug', 'a delivery came in and is genuine'],
  delivery_recorded: ['debug', 'a delivery was recorded'],
  delivery_duplicate: ['debug', 'a delivery was seen before'],
  delivery_kept_away: ['debug', 'a delivery of the other mode was kept away from the handlers'],
  delivery_refused: ['debug', 'a delivery was refused'],
  delivery_started: ['debug', 'an attempt at a delivery begins'],
  delivery_completed: ['debug', 'a delivery is done'],
  delivery_retried: ['info', 'a delivery is due again after a failed attempt'],
  delivery_released: ['info', 'a delivery was handed back unprocessed'],
  look_left: ['info', 'a look found what the store may have forgotten: it is left to its webhook'],
  delivery_buried: ['error', 'a delivery is a dead letter now'],
  lease_lost: [
    'warn',
    'the lease lapsed and another worker has the delivery: this attempt does not count',
  ],
} as const satisfies Record<string, readonly [keyof Logger, string]>;

/** Why a return URL names no payment, by problem. */
const LINK_HINTS: Readonly<Record<string, string>> = {
  missing: 'a return URL came without an id: build successUrl and cancelUrl with returnUrl()',
  repeated: 'a return URL came with two different ids or types: name each query parameter once',
  unfilled:
    'a return URL came with its placeholder: its braces were percent-encoded when the session was created; build it with returnUrl()',
  malformed: 'a return URL came with something that is no id: probably someone trying URLs',
};

/** Why the desk let someone not in. */
const DESK_REFUSALS: Readonly<Record<string, string>> = {
  authorize: 'a request for the desk was refused by authorize',
  proxied:
    'the desk was asked for through a proxy, and was mounted without authorize: it answers to this machine alone, and behind a proxy every client looks like that; give deliveriesDesk an authorize',
  remote:
    'the desk was asked for from another machine, and was mounted without authorize: give deliveriesDesk an authorize',
  host: 'the desk was asked for under another name than localhost, and was mounted without authorize: give deliveriesDesk an authorize',
};

/**
 * Every other line that core writes by itself, by stable code: its level and its sentence. What a line is about travels
 * as facts, an error under `err`. The failures that `onError` is called with have the error's own code and message.
 */
export const LINES = {
  internal: [
    'error',
    'processing a delivery failed in an unexpected way; it is tried again when its lease lapses',
  ],
  mode_kept_away: [
    'warn',
    ({ type, money, mode }) =>
      `a delivery of ${String(type)} is about ${String(money)} money and was kept away from the handlers: this kit takes ${String(mode)} money only, as the option mode, the API key or the baseUrl says. It is recorded as done and unhandled, and further ones of this type are kept away without a word; where they are meant for this kit, set mode to '${String(money)}' or 'both'`,
  ],
  probe_answered: [
    'info',
    'a signed probe of `qbitflow doctor` came through unchanged: it was answered, not recorded',
  ],
  type_unhandled: [
    'warn',
    ({ type }) =>
      `a delivery of ${String(type)} waits for a handler, and this process has none: another process may have one; after unhandledAfterMs it is done without`,
  ],
  deliveries_unhandled: [
    'warn',
    'deliveries waited for a handler for unhandledAfterMs and are done now without one: deliveries.list({ unhandled: true }) shows them, deliveries.replayUnhandled(type) hands them to a handler',
  ],
  store_forgets: [
    'warn',
    'deliveries are kept in memory and gone with the process: use a durable store in production',
  ],
  store_opened: ['info', 'the store is open now'],
  take_failed: ['error', 'the store gave no work; it is asked again after a pause'],
  lease_not_renewed: ['error', 'the store did not renew a lease'],
  transition_failed: ['error', 'the store did not write a transition'],
  activity_not_told: [
    'debug',
    'the store did not keep what was counted for the desks of other processes; it is told with what is counted next',
  ],
  prune_failed: ['error', 'the store did not prune; it is tried again in an hour'],
  settle_failed: [
    'error',
    'the store did not settle unhandled deliveries; it is tried again in an hour',
  ],
  due_not_heard: ['warn', 'pages hear of other processes by polling only'],
  on_error_failed: ['error', 'an onError listener failed'],
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
  desk_action_asked: [
    'info',
    'an operator asked for an action at the desk: it begins after the undo window',
  ],
  desk_action: ['info', 'an action that an operator asked for at the desk was done'],
  desk_action_undone: ['info', 'an operator undid an action at the desk before it began'],
  desk_action_failed: ['error', 'an action that an operator asked for at the desk failed'],
  desk_revealed: ['info', 'an operator had the personal data of a delivery shown at the desk'],
  desk_refused: [
    'warn',
    ({ why }) => DESK_REFUSALS[String(why)] ?? 'a request for the desk was refused',
  ],
  desk_forged: [
    'warn',
    'a form at the desk came from elsewhere, or its token was too old: nothing was done',
  ],
  desk_authorize_failed: [
    'error',
    ({ err }) =>
      `the desk's authorize ${err === undefined ? 'gave no answer' : 'failed'}: the operator was not let in`,
  ],
  desk_note_failed: ['warn', 'the store did not keep a note about an action at the desk'],
  desk_failed: ['error', 'the desk could not show what was asked for'],
  metrics_failed: ['error', 'the store gave no figures for a scrape'],
  checkout_without_return: [
    'warn',
    "a checkout was opened without a successUrl, so customers stay on QBitFlow's page after they have paid: give createQBitFlow a publicUrl, where the routes are mounted, e.g. https://shop.example/qbitflow",
  ],
} as const satisfies Record<
  string,
  readonly [
    keyof Logger | ((facts: LogFacts) => keyof Logger),
    string | ((facts: LogFacts) => string),
  ]
>;

/** Every step of a delivery that is emitted. */
export type DiagnosticCode = keyof typeof STEPS;

/** Every other line that core writes by itself. */
export type LogCode = keyof typeof LINES;

/** What a log line is about. `err` is what was thrown, as loggers expect it. */
export type LogFacts = Readonly<Record<string, unknown>> & { readonly err?: unknown };

/** Facts about one delivery; which of them are there depends on the code. */
export interface DeliveryFacts {
  readonly key?: string;
  readonly id?: string;
  readonly type?: string;
  readonly version?: 'v1' | 'v2';
  readonly source?: string;
  readonly attempt?: number;
  /** The trace of the request that brought it (W3C Trace Context), when an attempt begins. */
  readonly traceparent?: string;
  readonly tracestate?: string | undefined;
  /** Ms until it is due again. */
  readonly delayMs?: number;
  /** Why it was refused, retried, made a dead letter or left. */
  readonly reason?: string;
  /** How many it was, where it is reported once for all. */
  readonly count?: number;
}

/** Tells what happens: to the logger, and for the steps of deliveries to the process's diagnostics channels too. */
export interface Diagnostics {
  /** A step of a delivery: a log line and a diagnostics message. */
  emit(code: DiagnosticCode, facts: DeliveryFacts): void;
  /** Any other line. */
  log(code: LogCode, facts?: LogFacts): void;
}

/** Diagnostics that write to `logger` and to the process's diagnostics channels. */
export function createDiagnostics(logger: Logger): Diagnostics {
  const channels = new Map<DiagnosticCode, Channel>();
  return {
    emit(code, facts) {
      let target = channels.get(code);
      if (target === undefined) {
        target = channel(`qbitflow:${code}`);
        channels.set(code, target);
      }
      // Most merchants listen to neither, and this is said four times for every delivery.
      const [level, message] = STEPS[code];
      if (logger[level] === silence && !target.hasSubscribers) return;
      logger[level]({ code, ...facts }, message);
      if (target.hasSubscribers) target.publish({ code, ...facts });
    },
    log(code, facts = {}) {
      const [atLevel, message] = LINES[code];
      const level = typeof atLevel === 'string' ? atLevel : atLevel(facts);
      if (logger[level] === silence) return;
      logger[level]({ code, ...facts }, typeof message === 'string' ? message : message(facts));
    },
  };
}
