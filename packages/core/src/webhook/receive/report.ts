import type { ErrorReporter } from '../../error-reporter.js';
import { isQBitFlowError } from '../../errors.js';
import type { Logger } from '../../logger.js';
import type { NewDelivery, RecordOutcome } from '../../store/durable-store.js';

/** Tells the merchant what came in. Both are called around the 200 and must stay cheap. */
export interface ReceiveReport {
  recorded(delivery: NewDelivery, outcome: RecordOutcome): void;
  failed(error: unknown): void;
}

/** What a report writes to. `due` is told of every fresh delivery. */
export interface ReportTargets {
  readonly logger: Logger;
  readonly errors: ErrorReporter;
  readonly due: () => void;
}

/** Reports to the logger, to `onError`, and to whoever empties the inbox. */
export function createReceiveReport({ logger, errors, due }: ReportTargets): ReceiveReport {
  return {
    recorded(delivery, outcome) {
      const { key, id, type, version, dead } = delivery;
      const facts = { key, id, type, version };
      if (outcome.status === 'duplicate') {
        logger.debug({ ...facts, code: 'delivery_duplicate' }, 'a delivery was seen before');
        return;
      }
      if (dead === undefined) {
        logger.debug({ ...facts, code: 'delivery_recorded' }, 'a delivery was recorded');
        due();
        return;
      }
      errors.unreadable(delivery, dead);
    },
    failed(error) {
      if (isQBitFlowError(error) && error.code === 'method_not_allowed') return;
      errors.refused(error);
    },
  };
}
