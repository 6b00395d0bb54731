import { channel, type Channel } from 'node:diagnostics_channel';
import { docsOfLine } from './docs.js';
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

/**
 * Lines by stable code: the level and the sentence. What a line is about travels as facts, an error under `err`. The failures
 * that `onError` is called with have the error's own code and message.
 */
export type LogLines<Code extends string = string> = Readonly<
  Record<
    Code,
    readonly [
      keyof Logger | ((facts: LogFacts) => keyof Logger),
      string | ((facts: LogFacts) => string),
    ]
  >
>;

/**
 * Every other line about deliveries and their store. Those of what asks the API are `ASKING_LINES`, those of the desk
 * `DESK_LINES`: they are loaded with what writes them.
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
} as const satisfies LogLines;

/** Every step of a delivery that is emitted. */
export type DiagnosticCode = keyof typeof STEPS;

/** Every other line about deliveries and their store. */
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
  /** Any other line about deliveries and their store. */
  log(code: LogCode, facts?: LogFacts): void;
  /** A line of another table. */
  say<Code extends string>(lines: LogLines<Code>, code: Code, facts?: LogFacts): void;
}

/** Diagnostics that write to `logger` and to the process's diagnostics channels. */
export function createDiagnostics(logger: Logger): Diagnostics {
  const channels = new Map<DiagnosticCode, Channel>();

  function say<Code extends string>(lines: LogLines<Code>, code: Code, facts: LogFacts = {}): void {
    const [atLevel, message] = lines[code];
    const level = typeof atLevel === 'string' ? atLevel : atLevel(facts);
    if (logger[level] === silence) return;
    const said = typeof message === 'string' ? message : message(facts);
    logger[level](withDocs(level, code, facts), said);
  }

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
      logger[level](withDocs(level, code, facts), message);
      if (target.hasSubscribers) target.publish({ code, ...facts });
    },
    log(code, facts) {
      say(LINES, code, facts);
    },
    say,
  };
}

/** What is wrong says where it is explained. The other lines, four for every delivery, are facts alone. */
function withDocs(level: keyof Logger, code: string, facts: object): LogFacts {
  if (level === 'debug' || level === 'info') return { code, ...facts };
  return { code, ...facts, docs: docsOfLine(code) };
}
