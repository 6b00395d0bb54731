import type { TransactionStatusReport } from '../api/transactions.js';
import { createRotatingMap, type RotatingMap } from '../rotating-map.js';

/** So many deliveries are looked back on when the first page asks: sorting them in takes a few ms. */
const MOST_NOTED = 4_096;

/**
 * What deliveries have said of transactions, newest last, by subject. Until a page asks they are only noted, because most
 * processes that receive deliveries serve no page, and two entries of a large map cost 1.3 µs for each of them.
 */
export class HeardReports {
  readonly #reports: RotatingMap<TransactionStatusReport>;
  #onSorted: ((subject: string) => void) | undefined;
  /** Subjects, and what was said of each at the same place: pairs would outlive garbage collections, each a copy more. */
  #noted: string[] | undefined = [];
  #said: (TransactionStatusReport | undefined)[] = [];
  #count = 0;

  constructor(capacity: number) {
    this.#reports = createRotatingMap(capacity);
  }

  note(subject: string, report: TransactionStatusReport | undefined): void {
    if (this.#noted === undefined) {
      this.#sortIn(subject, report);
      return;
    }
    const place = this.#count % MOST_NOTED;
    this.#noted[place] = subject;
    this.#said[place] = report;
    this.#count += 1;
  }

  /** What the last delivery about it said, once a page has asked. */
  get(subject: string): TransactionStatusReport | undefined {
    return this.#reports.get(subject);
  }

  /** A page asks: from now on all is kept where it can be looked up, and `onSorted` called with each subject. */
  asked(onSorted: (subject: string) => void): void {
    const [noted, said] = [this.#noted, this.#said];
    if (noted === undefined) return;
    this.#onSorted = onSorted;
    this.#noted = undefined;
    this.#said = [];
    const oldest = this.#count > MOST_NOTED ? this.#count % MOST_NOTED : 0;
    for (let index = 0; index < noted.length; index += 1) {
      const place = (oldest + index) % noted.length;
      const subject = noted[place];
      if (subject !== undefined) this.#sortIn(subject, said[place]);
    }
  }

  #sortIn(subject: string, report: TransactionStatusReport | undefined): void {
    if (report !== undefined) this.#reports.set(subject, report);
    this.#onSorted?.(subject);
  }
}
