import type { ErrorReporter } from '../error-reporter.js';
import { isQBitFlowError, type QBitFlowError } from '../errors.js';
import type { Diagnostics } from '../diagnostics.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import type { Refusal } from '../protocol/signature.js';
import { kindOf, type Refusals } from './rejections.js';
import type { Logger } from '../logger.js';
import { type Mode, moneyOf } from '../mode.js';
import type { HandlerRegistry } from '../event/handlers.js';

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

/** Types come from the sender: a bound, however few there are. */
const MOST_TYPES = 100;

/** Says once for each type that its events are kept away, and what to do about it. */
export function createKeptAwayWarning(logger: Logger, mode: Mode): (delivery: NewDelivery) => void {
  const warned = new Set<string>();
  return ({ type, key }) => {
    if (warned.has(type) || warned.size >= MOST_TYPES) return;
    warned.add(type);
    const money = moneyOf(key) ?? 'other';
    logger.warn(
      { code: 'mode_kept_away', type, key, money, mode },
      `a delivery of ${type} is about ${money} money and was kept away from the handlers: this kit takes ${mode} money only, as the option mode, the API key or the baseUrl says. It is recorded as done and unhandled, and further ones of this type are kept away without a word; where they are meant for this kit, set mode to '${money}' or 'both'`,
    );
  };
}

/** Says once for each type that this process has no handler for it. */
export interface UnhandledWarning {
  check(type: string): void;
}

/** Nothing was said yet. */
export function createUnhandledWarning(parts: {
  readonly registry: HandlerRegistry;
  readonly logger: Logger;
}): UnhandledWarning {
  const { registry, logger } = parts;
  const warned = new Set<string>();
  return {
    check(type) {
      if (registry.handles(type) || warned.has(type) || warned.size >= MOST_TYPES) return;
      warned.add(type);
      logger.warn(
        { code: 'type_unhandled', type },
        `a delivery of ${type} waits for a handler, and this process has none: another process may have one; after unhandledAfterMs it is done without`,
      );
    },
  };
}
