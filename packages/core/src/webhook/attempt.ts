import { cut } from '../as-error.js';
import { storableText } from '../store-kit/delivery-codec.js';
import type { AttemptRecord, HandlerRecord } from '../store/attempt-record.js';

/** What is kept of a delivery's attempt, in characters; more of a stack tells nobody more. */
const LONGEST = { error: 500, stack: 2_000 } as const;
/** So many handlers are told of, and the stacks of so many that failed: an attempt is some kilobytes at most. */
const MOST_HANDLERS = 16;
const MOST_STACKS = 2;

/** How an attempt goes, as it goes: what it costs where all goes well is one small record a handler. */
export class AttemptNotes {
  readonly startedAt: number;
  /** When the handler that is at work was started. */
  #since: number;
  // Made anew for each: most deliveries have one handler, and a list that grows is made for seventeen.
  #handlers: readonly HandlerRecord[] = [];
  #stacks = 0;

  constructor(
    private readonly number: number,
    private readonly holder: string,
    now: number,
  ) {
    this.startedAt = now;
    this.#since = now;
  }

  /** How long the handlers that have ended took, in ms. */
  get durationMs(): number {
    return this.#since - this.startedAt;
  }

  /** A handler has ended. */
  ended(handler: string, now: number, error?: Error): void {
    const durationMs = now - this.#since;
    this.#since = now;
    if (this.#handlers.length >= MOST_HANDLERS) return;
    const record =
      error === undefined ? { handler, durationMs } : this.#failed({ handler, durationMs }, error);
    this.#handlers = this.#handlers.length === 0 ? [record] : [...this.#handlers, record];
  }

  /** The attempt as it ends with this outcome. */
  as(outcome: AttemptRecord['outcome']): AttemptRecord {
    return {
      number: this.number,
      startedAt: this.startedAt,
      durationMs: this.durationMs,
      outcome,
      holder: this.holder,
      handlers: this.#handlers,
    };
  }

  /** The attempt as `handler`, which is still at work, ends it by itself. */
  doneBy(handler: string, now: number): AttemptRecord {
    const handlers = [...this.#handlers, { handler, durationMs: now - this.#since }];
    return {
      ...this.as('done'),
      durationMs: now - this.startedAt,
      handlers: handlers.slice(0, MOST_HANDLERS),
    };
  }

  #failed(facts: HandlerRecord, error: Error): HandlerRecord {
    const told = { ...facts, error: storableText(cut(error.message, LONGEST.error)) };
    if (error.stack === undefined || this.#stacks >= MOST_STACKS) return told;
    this.#stacks += 1;
    return { ...told, stack: storableText(cut(error.stack, LONGEST.stack)) };
  }
}
