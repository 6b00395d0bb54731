import type { TransactionStatusReport } from '../api/status-report.js';
import { asError } from '../errors.js';
import type { Logger } from '../logger.js';
import { createRotatingMap } from '../rotating-map.js';
import { recordTransaction, type TransactionRecorder } from './record-transaction.js';

/** What recording a seen payment needs. */
export interface SeenRecorder extends TransactionRecorder {
  readonly logger: Logger;
}

const REMEMBERED = 10_000;

/**
 * Records payments that a customer's page has seen before their webhook came. Every viewer of a page sees the same
 * payment: it is recorded once, and again only when that failed. Never rejects.
 */
export function createSeenRecorder(
  recorder: SeenRecorder,
): (report: TransactionStatusReport) => void {
  const recorded = createRotatingMap<true>(REMEMBERED);
  const running = new Set<string>();

  async function record(report: TransactionStatusReport): Promise<void> {
    const { uuid } = report;
    running.add(uuid);
    try {
      const outcome = await recordTransaction(recorder, report, {
        reference: { uuid },
        source: 'return',
      });
      if (outcome !== undefined) recorded.set(uuid, true);
    } catch (err) {
      recorder.logger.warn(
        { code: 'seen_not_recorded', uuid, err: asError(err) },
        'a payment that a page has seen was not recorded; its webhook or the next look will do it',
      );
    } finally {
      running.delete(uuid);
    }
  }

  return (report) => {
    const { uuid, status } = report;
    if (status !== 'completed' || recorded.get(uuid) === true || running.has(uuid)) return;
    void record(report);
  };
}
