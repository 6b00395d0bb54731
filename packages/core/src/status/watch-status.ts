import type { TransactionStatusReport } from '../api/status-report.js';
import { encodeId, type TransactionReference } from '../api/transaction-reference.js';
import { isFinal } from './is-final.js';
import type { StatusHub } from './status-hub.js';

/** `signal` ends the iteration early, without an error. */
export interface WatchOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Every change of a transaction's status, the current one first, until it is final. A reader slower than the changes
 * sees the latest only. Leaving the loop lets go of everything; closing the kit ends it. Throws `invalid_reference`.
 */
export async function* watchStatus(
  hub: StatusHub,
  reference: TransactionReference,
  { signal }: WatchOptions = {},
): AsyncGenerator<TransactionStatusReport, void, undefined> {
  encodeId(reference.uuid);
  if (signal?.aborted === true) return;
  const reports = latestReports(hub, reference);
  const onAbort = (): void => reports.end();
  signal?.addEventListener('abort', onAbort);
  let shown = '';
  try {
    for (;;) {
      const report = await reports.next();
      if (report === undefined) return;
      const seen = JSON.stringify(report);
      if (seen !== shown) yield report;
      shown = seen;
      if (isFinal({ kind: 'report', report })) return;
    }
  } finally {
    reports.end();
    signal?.removeEventListener('abort', onAbort);
  }
}

interface LatestReports {
  /** The latest report nobody has taken yet; `undefined` once it has ended. For one caller at a time. */
  next(): Promise<TransactionStatusReport | undefined>;
  end(): void;
}

function latestReports(hub: StatusHub, reference: TransactionReference): LatestReports {
  const news: { latest?: TransactionStatusReport | undefined; hasEnded: boolean } = {
    hasEnded: false,
  };
  let wake = (): void => undefined;
  function end(): void {
    news.hasEnded = true;
    wake();
  }
  const unsubscribe = hub.subscribe(reference, {
    onAnswer(answer) {
      if (answer.kind !== 'report') return;
      news.latest = answer.report;
      wake();
    },
    onClosed: end,
  });
  return {
    async next() {
      while (news.latest === undefined && !news.hasEnded) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const report = news.hasEnded ? undefined : news.latest;
      news.latest = undefined;
      return report;
    },
    end() {
      unsubscribe();
      end();
    },
  };
}
