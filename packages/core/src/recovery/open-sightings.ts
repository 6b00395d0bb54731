import { nameOfId } from '../api/transaction-ids.js';
import type { TransactionStatusReport } from '../api/transactions.js';
import type { Clock } from '../clock.js';
import { createRotatingMap } from '../rotating-map.js';

/** When this process last saw a transaction unfinished: what ends it comes later. */
export interface OpenSightings {
  readonly note: (report: TransactionStatusReport) => void;
  /** Ms since 1970, by the process's clock. */
  readonly of: (uuid: string) => number | undefined;
}

const REMEMBERED = 10_000;
const UNFINISHED: ReadonlySet<string> = new Set(['created', 'waitingConfirmation', 'pending']);

/** Nothing seen yet. */
export function createOpenSightings(clock: Clock): OpenSightings {
  const seen = createRotatingMap<number>(REMEMBERED);
  return {
    note({ uuid, status }) {
      if (UNFINISHED.has(status)) seen.set(nameOfId(uuid), clock.now());
    },
    of: (uuid) => seen.get(nameOfId(uuid)),
  };
}
