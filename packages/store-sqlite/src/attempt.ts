import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from './connection.js';
import type { Database } from './database.js';
import type { Settings } from './options.js';
import { failureOf, type Failure } from './result-code.js';
import { unavailable } from './unavailable.js';

/** Between two looks at a lock that another process holds, in ms. */
const PAUSE_MS = 10;

/** What a failure calls for: waiting for someone else, opening the file anew, or neither. */
const REMEDIES: Readonly<Record<Failure, 'wait' | 'reopen' | 'none'>> = {
  busy: 'wait',
  nested: 'wait',
  'held-back': 'wait',
  readonly: 'reopen',
  denied: 'reopen',
  'cannot-open': 'reopen',
  io: 'reopen',
  corrupt: 'reopen',
  full: 'none',
  other: 'none',
};

/** Does work on the open database; `since` (ms since 1970) is when the caller began to wait. */
export type Attempt = <T>(since: number, work: (db: Connection) => T) => Promise<T>;

/**
 * Tries until it works, fails for good, or `since` is a busy timeout ago; then it rejects with `store_unavailable`.
 * The event loop goes on between tries. After a failure that a cure may have followed, the file is opened anew.
 */
export function createAttempt(
  database: Database,
  { clock, busyTimeoutMs }: Settings,
  file: string,
): Attempt {
  return async (since, work) => {
    let reopened = false;
    for (;;) {
      try {
        // oxlint-disable-next-line no-await-in-loop -- one try after the other
        return work(await database.open());
      } catch (error) {
        const failure = failureOf(error);
        const remedy = REMEDIES[failure];
        // A connection of our own that has a transaction open is stuck.
        if (remedy === 'reopen' || failure === 'nested') database.discard();
        const again = remedy === 'reopen' && database.owned && !reopened;
        if (again) {
          // The connection may be older than the cure: rights given back meanwhile count only when it is opened anew.
          reopened = true;
          continue;
        }
        if (remedy !== 'wait' || clock.now() - since >= busyTimeoutMs)
          throw unavailable(error, file);
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(PAUSE_MS);
    }
  };
}
