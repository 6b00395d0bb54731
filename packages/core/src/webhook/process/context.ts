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

/** Makes the contexts of one attempt, and knows whether a handler's transaction completed the delivery. */
export function contextMaker(
  { store, logger }: { readonly store: DurableStore; readonly logger: Logger },
  taken: TakenDelivery,
): { readonly makeContext: MakeContext; readonly completed: () => boolean } {
  const { receivedAt, source, started: attempt } = taken;
  let completed = false;

  async function completeWithin(tx: unknown, { handler, isLast }: ContextFor): Promise<void> {
    const progress = { succeeded: [handler], done: isLast };
    const outcome = await transactionsOf(store).completeWithin(tx, taken, progress);
    if (outcome === 'lost') throw leaseLost(taken.key);
    completed ||= isLast;
  }

  return {
    completed: () => completed,
    makeContext: (recipient) => ({
      attempt,
      receivedAt,
      source,
      logger,
      get signal() {
        return recipient.stop.signal;
      },
      completeWithin: async (tx) => completeWithin(tx, recipient),
    }),
  };
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
