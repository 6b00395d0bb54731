import { channel, type Channel } from 'node:diagnostics_channel';
import { silence, type Logger } from './logger.js';

/**
 * What happens to deliveries, by stable code: the level of its log line and its sentence. Each code is also a
 * `diagnostics_channel` named `qbitflow:<code>`, whose messages are the facts. Neither ever holds a body or a secret.
 * What a subscriber throws is an uncaught exception by Node's own rule; the delivery goes on.
 */
const ENTRIES = {
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

/** Everything the journal notes. */
export type JournalCode = keyof typeof ENTRIES;

/** Facts about one delivery; which of them are there depends on the code. */
export interface JournalFacts {
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
  /** Why it was refused, retried, buried or left. */
  readonly reason?: string;
  /** How many it was, where it is noted once for all. */
  readonly count?: number;
}

/** Notes what happens to deliveries: a log line and a diagnostics message each. */
export interface Journal {
  note(code: JournalCode, facts: JournalFacts): void;
}

/** A journal that writes to `logger` and to the process's diagnostics channels. */
export function createJournal(logger: Logger): Journal {
  const channels = new Map<JournalCode, Channel>();
  return {
    note(code, facts) {
      let target = channels.get(code);
      if (target === undefined) {
        target = channel(`qbitflow:${code}`);
        channels.set(code, target);
      }
      // Most merchants listen to neither, and this is said four times for every delivery.
      const [level, message] = ENTRIES[code];
      if (logger[level] === silence && !target.hasSubscribers) return;
      logger[level]({ code, ...facts }, message);
      if (target.hasSubscribers) target.publish({ code, ...facts });
    },
  };
}
