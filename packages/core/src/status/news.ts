import type { TransactionStatusReport } from '../api/transactions.js';
import { asError } from '../errors.js';
import { rowOf } from '../event/types.js';
import type { Runtime } from '../runtime.js';
import type { NewDelivery } from '../store/durable-store.js';
import { HeardReports } from './heard.js';

/** Called with what has happened to a transaction; `report` is what is known of it already. */
export type NewsListener = (subject: string, report?: TransactionStatusReport) => void;

/** What deliveries tell of transactions: heard from the start, also before what shows it is loaded. */
export interface TransactionNews {
  /** What was told before anybody listened; who listens notes it there as well. */
  readonly heard: HeardReports;
  /** Begins to hear of what other processes record; again does nothing. */
  readonly hearOthers: () => void;
  /** To be called with each delivery that this process has recorded. */
  readonly onRecorded: (delivery: NewDelivery) => void;
  /** `listener` is told of all that happens from now on, in place of the one before. */
  readonly listen: (listener: NewsListener) => void;
  readonly close: () => void;
}

/** How many transactions are remembered. */
const REMEMBERED = 10_000;

/** Nothing has happened yet. */
export function createNews({ store, diagnostics }: Runtime): TransactionNews {
  const heard = new HeardReports(REMEMBERED);
  let tell: NewsListener = (subject, report) => heard.note(subject, report);
  const said: TransactionStatusReport[] = [];
  let isClosed = false;
  let unsubscribe: (() => void) | undefined;

  /** One object for all that say the same: thousands are kept. */
  function reportOf({ type, version }: NewDelivery): TransactionStatusReport | undefined {
    const status = rowOf(type)?.status;
    if (status === undefined) return undefined;
    const known = said.find((one) => one.status === status && one.generation === version);
    if (known !== undefined) return known;
    const report = Object.freeze({ uuid: '', status, generation: version });
    said.push(report);
    return report;
  }

  return {
    heard,
    /** Not before something is looked at or the kit is started: a store may open a connection for it, which holds the process. */
    hearOthers() {
      if (isClosed || unsubscribe !== undefined) return;
      try {
        // Of what another process recorded only the subject is known here.
        unsubscribe = store.onDue?.((subject) => {
          if (subject !== undefined) tell(subject);
        });
      } catch (err) {
        diagnostics.log('due_not_heard', { err: asError(err) });
      }
    },
    onRecorded(delivery) {
      tell(delivery.subject, reportOf(delivery));
    },
    listen(listener) {
      tell = listener;
    },
    close() {
      isClosed = true;
      unsubscribe?.();
    },
  };
}
