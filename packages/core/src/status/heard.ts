import type { TransactionStatusReport } from '../api/transactions.js';
import { createRotatingMap, type RotatingMap } from '../rotating-map.js';

/** What a verified delivery says about a transaction. */
interface Heard {
  readonly subject: string;
  readonly report: TransactionStatusReport | undefined;
}

/** So many deliveries are looked back on when the first page asks: sorting them in takes a few ms. */
const MOST_NOTED = 4_096;

/**
 * What deliveries have said of transactions, newest last, by subject. Until a page asks they are only noted, because most
 * processes that receive deliveries serve no page, and two entries of a large map cost 1.3 µs for each of them.
 */
export class HeardReports {
  readonly #reports: RotatingMap<TransactionStatusReport>;
  #onSorted: ((subject: string) => void) | undefined;
  #noted: Heard[] | undefined = [];
  #count = 0;

  constructor(capacity: number) {
    this.#reports = createRotatingMap(capacity);
  }

  note(subject: string, report: TransactionStatusReport | undefined): void {
    if (this.#noted === undefined) {
      this.#sortIn({ subject, report });
      return;
    }
    this.#noted[this.#count % MOST_NOTED] = { subject, report };
    this.#count += 1;
  }

  /** What the last delivery about it said, once a page has asked. */
  get(subject: string): TransactionStatusReport | undefined {
    return this.#reports.get(subject);
  }

  /** A page asks: from now on all is kept where it can be looked up, and `onSorted` called with each subject. */
  asked(onSorted: (subject: string) => void): void {
    const noted = this.#noted;
    if (noted === undefined) return;
    this.#onSorted = onSorted;
    this.#noted = undefined;
    const oldest = this.#count > MOST_NOTED ? this.#count % MOST_NOTED : 0;
    for (const one of [...noted.slice(oldest), ...noted.slice(0, oldest)]) this.#sortIn(one);
  }

  #sortIn({ subject, report }: Heard): void {
    if (report !== undefined) this.#reports.set(subject, report);
    this.#onSorted?.(subject);
  }
}
