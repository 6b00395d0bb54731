import { nameOfId, type TransactionReference } from '../api/transaction-ids.js';
import type { TransactionStatusReport } from '../api/transactions.js';
import { asError } from '../errors.js';
import type { ReportListener } from '../status/queries.js';
import { createRotatingMap } from '../rotating-map.js';
import {
  type RecheckOutcome,
  recordTransaction,
  type TransactionRecorder,
} from './record-transaction.js';

/** What pages have seen, on its way into the inbox. */
export interface SeenRecorder {
  readonly onReport: ReportListener;
  /** Resolves when that has been recorded; `undefined` when nothing is on its way. Never rejects. */
  readonly pending: () => Promise<void> | undefined;
}

const REMEMBERED = 10_000;
/** So long is nothing asked about a transaction of which the API has not told enough, in ms. */
const ASKED_AGAIN_AFTER_MS = 60_000;

/**
 * Records payments that a customer's page has seen before their webhook came. Every viewer of a page sees the same
 * payment, under whatever spelling of its id: it is recorded once, and again only when that failed. Never rejects.
 */
export function createSeenRecorder(recorder: TransactionRecorder): SeenRecorder {
  /** Until when nothing is to be done about a transaction, ms since 1970. */
  const settled = createRotatingMap<number>(REMEMBERED);
  const running = new Map<string, Promise<void>>();

  async function record(
    report: TransactionStatusReport,
    asked: TransactionReference,
  ): Promise<void> {
    const name = nameOfId(report.uuid);
    try {
      const outcome = await recordTransaction(recorder, report, {
        reference: asked,
        source: 'return',
      });
      if (outcome !== undefined && !isHeld(outcome))
        settled.set(name, recorder.clock.now() + restMs(outcome));
    } catch (err) {
      recorder.logger.warn(
        { code: 'seen_not_recorded', uuid: report.uuid, err: asError(err) },
        'a payment that a page has seen was not recorded; its webhook or the next look will do it',
      );
    } finally {
      running.delete(name);
    }
  }

  return {
    onReport(report, asked) {
      recorder.sightings.note(report);
      const name = nameOfId(report.uuid);
      if (report.status !== 'completed' || running.has(name)) return;
      if (recorder.clock.now() < (settled.get(name) ?? -Infinity)) return;
      running.set(name, record(report, asked));
    },
    pending() {
      if (running.size === 0) return undefined;
      return Promise.all(running.values()).then(() => undefined);
    },
  };
}

/** What is too old today is so tomorrow; what an answer does not tell the next one may, but not with every look. */
function restMs({ status }: RecheckOutcome): number {
  return status === 'unidentified' || status === 'undated' ? ASKED_AGAIN_AFTER_MS : Infinity;
}

/** Who holds it, another instance perhaps, may still fail to handle it. */
function isHeld(outcome: RecheckOutcome): boolean {
  return outcome.status === 'duplicate' && outcome.state === 'running';
}
