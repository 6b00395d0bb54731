import { QBitFlowError } from '../../errors.js';
import type { EventContext } from '../../event/context.js';
import type { Logger } from '../../logger.js';
import type { DurableStore, TakenDelivery } from '../../store/durable-store.js';
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
  }

  get signal(): AbortSignal {
    return this.#recipient.stop.signal;
  }

  async completeWithin(tx: unknown): Promise<void> {
    const { handler, isLast } = this.#recipient;
    const { store, taken } = this.#attempt;
    const progress = { succeeded: [handler], done: isLast };
    const outcome = await transactionsOf(store).completeWithin(tx, taken, progress);
    if (outcome === 'lost') throw leaseLost(taken.key);
    if (!isLast) return;
    this.#attempt.completed = true;
    this.#attempt.onCompleted();
  }
}

function transactionsOf(store: DurableStore): Required<Pick<DurableStore, 'completeWithin'>> {
  if (hasTransactions(store)) return store;
  throw new QBitFlowError(
    'misconfigured',
    `the ${store.name} store has no transactions to complete within: use a store that has`,
  );
}

function hasTransactions(
  store: DurableStore,
): store is DurableStore & Required<Pick<DurableStore, 'completeWithin'>> {
  return store.completeWithin !== undefined;
}

function leaseLost(key: string): QBitFlowError {
  const message =
    'the lease lapsed and another worker has the delivery: roll this transaction back, its effect belongs to the other one';
  return new QBitFlowError('lease_lost', message, { facts: { key } });
}
