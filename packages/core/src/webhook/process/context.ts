import { QBitFlowError } from '../../errors.js';
import type { EventContext } from '../../event/context.js';
import type { Registration } from '../../event/handler-registry.js';
import type { Logger } from '../../logger.js';
import type { StopSwitch } from './stop-switch.js';
import type { DurableStore, TakenDelivery } from '../../store/durable-store.js';

/** What a context is made from. */
export interface ContextSource {
  readonly store: DurableStore;
  readonly logger: Logger;
}

/** Makes the context of each handler of one attempt. */
export function contextMaker(
  { store, logger }: ContextSource,
  { receivedAt, source, started: attempt }: TakenDelivery,
): (handler: Registration, stop: StopSwitch) => EventContext {
  return (_handler, stop) => ({
    attempt,
    receivedAt,
    source,
    logger,
    get signal() {
      return stop.signal;
    },
    async completeWithin() {
      throw new QBitFlowError(
        'misconfigured',
        `the ${store.name} store has no transactions to complete within: use a store that has`,
      );
    },
  });
}
