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
  readonly #onSorted: (subject: string) => void;
  #noted: Heard[] | undefined = [];
  #count = 0;

  /** `onSorted` is called with each subject once a page has asked. */
  constructor(capacity: number, onSorted: (subject: string) => void) {
    this.#reports = createRotatingMap(capacity);
    this.#onSorted = onSorted;
  }

  note(subject: string, report: TransactionStatusReport | undefined): void {
    if (this.#noted === undefined) {
      this.#sortIn({ subject, report });
      return;
    }
    this.#noted[this.#count % MOST_NOTED] = { subject, report };
    this.#count += 1;
  }

  /** What the last delivery about it said. */
  get(subject: string): TransactionStatusReport | undefined {
    this.asked();
    return this.#reports.get(subject);
  }

  /** A page asks: from now on all is kept where it can be looked up. */
  asked(): void {
    const noted = this.#noted;
    if (noted === undefined) return;
    this.#noted = undefined;
    const oldest = this.#count > MOST_NOTED ? this.#count % MOST_NOTED : 0;
    for (const one of [...noted.slice(oldest), ...noted.slice(0, oldest)]) this.#sortIn(one);
  }

  #sortIn({ subject, report }: Heard): void {
    if (report !== undefined) this.#reports.set(subject, report);
    this.#onSorted(subject);
  }
}
