import type { ErrorReporter } from '../../error-reporter.js';
import { isQBitFlowError } from '../../errors.js';
import type { Journal } from '../../journal.js';
import type { NewDelivery, RecordOutcome } from '../../store/durable-store.js';

/** Tells the merchant what came in. Both are called around the 200 and must stay cheap. */
export interface ReceiveReport {
  recorded(delivery: NewDelivery, outcome: RecordOutcome): void;
  failed(error: unknown): void;
}

/** What a report writes to. `due` is told of every fresh delivery. */
export interface ReportTargets {
  readonly journal: Journal;
  readonly errors: ErrorReporter;
  /** Told of every delivery that waits for its handlers now. */
  readonly due: (delivery: NewDelivery) => void;
  /** Told of every delivery whose key was known: it may bring what the first one lacked. */
  readonly duplicate: (delivery: NewDelivery) => void;
  /** Told of every delivery whose handlers must not see it. */
  readonly keptAway: (delivery: NewDelivery) => void;
}

/** Reports to the logger, to `onError`, and to whoever empties the inbox. */
export function createReceiveReport({
  journal,
  errors,
  due,
  duplicate,
  keptAway,
}: ReportTargets): ReceiveReport {
  return {
    recorded(delivery, outcome) {
      const { key, id, type, version, dead, unhandled } = delivery;
      const facts = { key, id, type, version };
      journal.note('delivery_received', facts);
      if (outcome.status === 'duplicate') {
        journal.note('delivery_duplicate', facts);
        duplicate(delivery);
        return;
      }
      if (unhandled !== undefined) {
        journal.note('delivery_kept_away', { ...facts, reason: unhandled });
        keptAway(delivery);
        return;
      }
      if (dead === undefined) {
        journal.note('delivery_recorded', facts);
        due(delivery);
        return;
      }
      errors.unreadable(delivery, dead);
    },
    failed(error) {
      if (isQBitFlowError(error) && error.code === 'method_not_allowed') return;
      if (isQBitFlowError(error) && error.code === 'invalid_signature')
        journal.note('delivery_refused', { reason: String(error.facts['reason']) });
      errors.refused(error);
    },
  };
}
