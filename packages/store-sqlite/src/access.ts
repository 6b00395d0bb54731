import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { groupCommit, isQBitFlowError, storeClosed } from '@qbitflow/core/store';
import { asOurs, transaction, type Connection } from './connection.js';
import type { Database } from './database.js';
import { failureOf, HeldBack, unavailable, type Failure } from './errors.js';
import { STORE, type Settings } from './options.js';
import { timeOf } from './schema.js';

/** The way to the database: reads alone, and all writes of one turn of the event loop in one transaction. */
export interface Access {
  read<T>(step: (db: Connection) => T): Promise<T>;
  /** Resolves when what `step` did is committed. It may be run again after a rollback. */
  write<T>(step: WriteStep<T>): Promise<T>;
  /** Tries what is neither, until the busy timeout. */
  readonly attempt: Attempt;
  /** Shut while a handler's transaction is open. */
  readonly gate: Gate;
  /** Lets what was asked finish, and refuses everything after. */
  close(): Promise<void>;
}

/** Writes; `now` reads the time of SQLite's clock, once for all that are written together. */
export type WriteStep<T> = (db: Connection, now: () => number) => T;

/** Most writes in one transaction, which holds up the event loop for some 20 µs each. */
const MAX_GROUP = 250;

interface Write {
  readonly since: number;
  readonly run: WriteStep<void>;
}

/** Access to one database. */
export function createAccess(database: Database, settings: Settings): Access {
  const { clock, synchronous } = settings;
  const attempt = createAttempt(database, settings);
  const gate = createGate();
  const enqueue = groupCommit(writeGroup, { maxItems: MAX_GROUP });
  let closed = false;

  function commit(db: Connection, writes: readonly Write[]): void {
    const run = (): void => {
      transaction(db, () => {
        let read: number | undefined;
        const now = (): number => (read ??= timeOf(db));
        for (const write of writes) write.run(db, now);
      });
    };
    if (database.owned) run();
    else asOurs(db, synchronous, run);
  }

  /** The error of each write, or `undefined` where it is committed. */
  async function writeGroup(writes: readonly Write[]): Promise<readonly unknown[]> {
    try {
      // By the clock of the one that has waited longest: so no call waits for longer than the busy timeout.
      await attempt(writes.at(0)?.since ?? 0, (db) => {
        gate.pass('write');
        commit(db, writes);
        database.confirm();
      });
      // A full group has more behind it: the event loop gets its turn first.
      if (writes.length === MAX_GROUP) await nextTurn();
      return writes.map(() => undefined);
    } catch (error) {
      if (writes.length === 1 || !isOfOne(error)) return writes.map(() => error);
      return writeAlone(writes);
    }
  }

  /** One of them cannot be written; the others must not suffer for it. */
  async function writeAlone(writes: readonly Write[]): Promise<readonly unknown[]> {
    const outcomes: unknown[] = [];
    for (const write of writes) {
      // oxlint-disable-next-line no-await-in-loop -- one transaction after the other
      outcomes.push(...(await writeGroup([write])));
    }
    return outcomes;
  }

  async function writeInGroup<T>(step: WriteStep<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => undefined;
      const run: WriteStep<void> = (db, now) => {
        const result = step(db, now);
        settle = () => {
          resolve(result);
        };
      };
      enqueue({ since: clock.now(), run }).then((error) => {
        if (error === undefined) settle();
        else reject(error);
      }, reject);
    });
  }

  return {
    attempt,
    gate,
    async read(step) {
      if (closed) throw storeClosed(STORE);
      return attempt(clock.now(), (db) => {
        gate.pass('read');
        return step(db);
      });
    },
    async write(step) {
      if (closed) throw storeClosed(STORE);
      return writeInGroup(step);
    },
    async close() {
      if (closed) return;
      closed = true;
      // Goes behind everything asked before; whether it fails is of no interest any more.
      if (database.opened) await enqueue({ since: clock.now(), run: () => undefined });
      database.close();
    },
  };
}

/** Not the file's fault but that of one value or argument: SQLite's other failures would meet every write. */
function isOfOne(error: unknown): boolean {
  if (!isQBitFlowError(error)) return false;
  const { failure = 'other' } = error.facts;
  return failure === 'other';
}

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
function createAttempt(database: Database, { clock, busyTimeoutMs }: Settings): Attempt {
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
          throw unavailable(error, database.target.name);
      }
      // oxlint-disable-next-line no-await-in-loop -- as above
      await pause(PAUSE_MS);
    }
  };
}

/**
 * Holds back the store's own statements while a handler's transaction of this process is open. SQLite would make them
 * wait too, but in some drivers by stopping the event loop, on which that transaction depends.
 */
export interface Gate {
  /** Shut for writes, or for everything, where the transaction runs on the store's own connection. */
  shut(what: 'writes' | 'everything'): void;
  open(): void;
  /** Throws while it is shut. */
  pass(what: 'read' | 'write'): void;
}

/** An open gate. */
function createGate(): Gate {
  let closedTo: 'nothing' | 'writes' | 'everything' = 'nothing';
  return {
    shut(what) {
      closedTo = what;
    },
    open() {
      closedTo = 'nothing';
    },
    pass(what) {
      if (closedTo === 'everything' || (closedTo === 'writes' && what === 'write'))
        throw new HeldBack("a handler's transaction is open");
    },
  };
}
