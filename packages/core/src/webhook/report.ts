import type { ErrorReporter } from '../error-reporter.js';
import { isQBitFlowError, type QBitFlowError } from '../errors.js';
import type { Diagnostics } from '../diagnostics.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import type { Refusal } from '../protocol/signature.js';
import { kindOf, type Refusals } from './refusals.js';

/** Tells the merchant what came in. Both are called around the 200 and must stay cheap. */
export interface ReceiveReport {
  recorded(delivery: NewDelivery, outcome: RecordOutcome): void;
  failed(error: unknown): void;
  /** A delivery whose signature was not accepted; `explain` is called where it is told of this one. */
  refused(reason: Refusal, explain: () => QBitFlowError): void;
}

/** What a report writes to. `due` is told of every fresh delivery. */
export interface ReportTargets {
  readonly diagnostics: Diagnostics;
  readonly errors: ErrorReporter;
  readonly refusals: Refusals;
  /** Told of every delivery that waits for its handlers now. */
  readonly due: (delivery: NewDelivery) => void;
  /** Told of every delivery whose key was known: it may bring what the first one lacked. */
  readonly duplicate: (delivery: NewDelivery) => void;
  /** Told of every delivery whose handlers must not see it. */
  readonly keptAway: (delivery: NewDelivery) => void;
}

/** Reports to the logger, to `onError`, and to whoever empties the inbox. */
export function createReceiveReport({
  diagnostics,
  errors,
  refusals,
  due,
  duplicate,
  keptAway,
}: ReportTargets): ReceiveReport {
  function refused(kind: string, explain: () => QBitFlowError): void {
    diagnostics.emit('delivery_refused', { reason: kind });
    refusals.refused(kind, explain);
  }

  return {
    recorded(delivery, outcome) {
      refusals.genuine();
      const { key, id, type, version, dead, unhandled } = delivery;
      const facts = { key, id, type, version };
      diagnostics.emit('delivery_received', facts);
      if (outcome.status === 'duplicate') {
        diagnostics.emit('delivery_duplicate', facts);
        duplicate(delivery);
        return;
      }
      if (unhandled !== undefined) {
        diagnostics.emit('delivery_kept_away', { ...facts, reason: unhandled });
        keptAway(delivery);
        return;
      }
      if (dead === undefined) {
        diagnostics.emit('delivery_recorded', facts);
        due(delivery);
        return;
      }
      errors.unreadable(delivery, dead);
    },
    failed(error) {
      if (isQBitFlowError(error) && error.code === 'method_not_allowed') return;
      const kind = isQBitFlowError(error) ? kindOf(error.code) : undefined;
      if (kind === undefined || !isQBitFlowError(error)) errors.report(error, { stage: 'receive' });
      else refused(kind, () => error);
    },
    refused,
  };
}
