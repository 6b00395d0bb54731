import { isQBitFlowError, type QBitFlowError } from '../errors.js';
import type { HandlerRegistry } from '../event/handlers.js';
import { moneyOf } from '../mode.js';
import type { Refusal } from '../protocol/signature.js';
import type { Runtime } from '../runtime.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import { createRejections, kindOf } from './rejections.js';

/** Tells the merchant what came in: by log lines and `onError`. It is called around the 200 and stays cheap. */
export interface ReceiveReport {
  recorded(delivery: NewDelivery, outcome: RecordOutcome): void;
  failed(error: unknown): void;
  /** A delivery whose signature was not accepted; `explain` is called where this one is reported. */
  rejected(reason: Refusal, explain: () => QBitFlowError): void;
  /** Reports what was only counted until now. */
  close(): void;
}

/** Types come from the sender: a bound, however few there are. */
const MOST_TYPES = 100;

/** Nothing came in yet. */
export function createReceiveReport(runtime: Runtime, registry: HandlerRegistry): ReceiveReport {
  const { diagnostics, errors, settings } = runtime;
  const { mode, processing } = settings;
  const rejections = createRejections(runtime);
  const isNewUnhandled = firstOfEach(MOST_TYPES);
  const isNewKeptAway = firstOfEach(MOST_TYPES);

  function rejected(kind: string, explain: () => QBitFlowError): void {
    diagnostics.emit('delivery_refused', { reason: kind });
    rejections.rejected(kind, explain);
  }

  return {
    recorded(delivery, outcome) {
      rejections.genuine();
      const { key, id, type, version, dead, unhandled } = delivery;
      const facts = { key, id, type, version };
      diagnostics.emit('delivery_received', facts);
      if (outcome.status === 'duplicate') diagnostics.emit('delivery_duplicate', facts);
      else if (unhandled !== undefined) {
        diagnostics.emit('delivery_kept_away', { ...facts, reason: unhandled });
        if (isNewKeptAway(type))
          diagnostics.log('mode_kept_away', { type, key, money: moneyOf(key) ?? 'other', mode });
      } else if (dead === undefined) {
        diagnostics.emit('delivery_recorded', facts);
        if (processing !== 'elsewhere' && !registry.handles(type) && isNewUnhandled(type))
          diagnostics.log('type_unhandled', { type });
      } else errors.unreadable(delivery, dead);
    },
    failed(error) {
      if (isQBitFlowError(error) && error.code === 'method_not_allowed') return;
      const kind = isQBitFlowError(error) ? kindOf(error.code) : undefined;
      if (kind === undefined || !isQBitFlowError(error)) errors.report(error, { stage: 'receive' });
      else rejected(kind, () => error);
    },
    rejected,
    close() {
      rejections.close();
    },
  };
}

/** Whether a name is asked about for the first time; never for more than `most` names. */
function firstOfEach(most: number): (name: string) => boolean {
  const seen = new Set<string>();
  return (name) => {
    if (seen.has(name) || seen.size >= most) return false;
    seen.add(name);
    return true;
  };
}
