import { type AttemptRecord, KEPT_ATTEMPTS } from './attempt-record.js';
import type { Entry } from './memory-entry.js';
import { createFifo } from '../fifo.js';

/** Characters of errors and stacks that are kept in all: attempts that failed longest ago go first. */
const MOST_CHARACTERS = 8_388_608;
/** What an attempt takes besides its texts. */
const FRAME = 200;

/**
 * The attempts of the entries. Those that succeeded cost next to nothing and go with their entries' bodies; errors and
 * stacks of a handler that fails for hours are bounded in all.
 */
export class KeptAttempts {
  /** Those that failed. Not their entries: what was forgotten shall be collected. */
  readonly #failed = createFifo<{
    readonly attempts: AttemptRecord[];
    readonly attempt: AttemptRecord;
    readonly size: number;
  }>();
  #size = 0;

  add(entry: Entry, attempt: AttemptRecord | undefined): void {
    if (attempt === undefined) return;
    const attempts = (entry.attempts ??= []);
    attempts.push(attempt);
    if (attempts.length > KEPT_ATTEMPTS) attempts.shift();
    const texts = charactersOf(attempt);
    if (texts === 0) return;
    const size = texts + FRAME;
    this.#size += size;
    this.#failed.push({ attempts, attempt, size });
    while (this.#size > MOST_CHARACTERS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const oldest = this.#failed.shift();
    if (oldest === undefined) return;
    this.#size -= oldest.size;
    const at = oldest.attempts.indexOf(oldest.attempt);
    if (at !== -1) oldest.attempts.splice(at, 1);
  }
}

function charactersOf({ handlers }: AttemptRecord): number {
  let sum = 0;
  for (const { error, stack } of handlers) sum += (error?.length ?? 0) + (stack?.length ?? 0);
  return sum;
}
