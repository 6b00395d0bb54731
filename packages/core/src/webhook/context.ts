import { QBitFlowError } from '../errors.js';
import { type EventContext, type TraceContext, traceContextOf } from '../event/handlers.js';
import type { Logger } from '../logger.js';
import type { DurableStore, TakenDelivery } from '../store/durable-store.js';
import type { StopSwitch } from './stop-switch.js';

/** Whom a context is for. */
export interface ContextFor {
  readonly handler: string;
  /** Whether the delivery is done once this handler succeeds. */
  readonly isLast: boolean;
  readonly stop: StopSwitch;
}

/** Makes the context of one handler. */
export type MakeContext = (recipient: ContextFor) => EventContext;

/** What the contexts of one attempt share. */
interface Attempt {
  readonly store: DurableStore;
  readonly logger: Logger;
  readonly taken: TakenDelivery;
  readonly onCompleted: () => void;
  /** Whether a handler's own transaction has completed the delivery. */
  completed: boolean;
}

/**
 * Makes the contexts of one attempt, and knows whether a handler's transaction completed the delivery. `onCompleted` is
 * called when one has, before it commits.
 */
export function contextMaker(
  { store, logger }: { readonly store: DurableStore; readonly logger: Logger },
  taken: TakenDelivery,
  onCompleted: () => void = () => undefined,
): { readonly makeContext: MakeContext; readonly completed: () => boolean } {
  const attempt: Attempt = { store, logger, taken, onCompleted, completed: false };
  return {
    completed: () => attempt.completed,
    makeContext: (recipient) => new HandlerContext(attempt, recipient),
  };
}

/** A class for the sake of its getter: see {@link StopSwitch}. */
class HandlerContext implements EventContext {
  readonly attempt: number;
  readonly receivedAt: number;
  readonly source: TakenDelivery['source'];
  readonly logger: Logger;
  readonly #attempt: Attempt;
  readonly #recipient: ContextFor;

  constructor(attempt: Attempt, recipient: ContextFor) {
    this.attempt = attempt.taken.started;
    this.receivedAt = attempt.taken.receivedAt;
    this.source = attempt.taken.source;
    this.logger = attempt.logger;
    this.#attempt = attempt;
    this.#recipient = recipient;
    // Handlers take it apart: `async (event, { completeWithin }) => …`.
    this.completeWithin = this.completeWithin.bind(this);
    this.transaction = this.transaction.bind(this);
  }

  get trace(): TraceContext | undefined {
    return traceContextOf(this.#attempt.taken.headers);
  }

  get signal(): AbortSignal {
    return this.#recipient.stop.signal;
  }

  async completeWithin(tx: unknown): Promise<void> {
    const { handler, isLast } = this.#recipient;
    const { store, taken } = this.#attempt;
    const progress = { succeeded: [handler], done: isLast };
    if (store.completeWithin === undefined) throw noTransactions(store, 'to complete within');
    const outcome = await store.completeWithin(tx, taken, progress);
    if (outcome === 'lost') throw leaseLost(taken.key);
    if (!isLast) return;
    this.#attempt.completed = true;
    this.#attempt.onCompleted();
  }

  async transaction<Result>(work: (tx: unknown) => Promise<Result>): Promise<Result> {
    const { store } = this.#attempt;
    const { stop } = this.#recipient;
    if (store.transaction === undefined) throw noTransactions(store, 'of its own');
    return store.transaction(async (tx) => {
      // Its time may have run out while it waited for a connection: another attempt may be at work by now.
      if (stop.stopped) stop.signal.throwIfAborted();
      const result = await work(tx);
      await this.completeWithin(tx);
      return result;
    });
  }
}

function noTransactions({ name }: DurableStore, what: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `the ${name} store has no transactions ${what}: use a store that has`,
  );
}

function leaseLost(key: string): QBitFlowError {
  const message =
    'the lease lapsed and another worker has the delivery: roll this transaction back, its effect belongs to the other one';
  return new QBitFlowError('lease_lost', message, { facts: { key } });
}
