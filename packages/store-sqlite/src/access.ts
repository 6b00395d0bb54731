import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupCommit, isQBitFlowError } from '@qbitflow/core';
import type { Attempt } from './attempt.js';
import type { Connection } from './connection.js';
import type { Database } from './database.js';
import { asOurs } from './durability.js';
import type { Gate } from './gate.js';
import type { Settings } from './options.js';
import { transaction } from './transaction.js';
import { closedError } from './unavailable.js';

/** The way to the database: reads alone, and all writes of one turn of the event loop in one transaction. */
export interface Access {
  read<T>(step: (db: Connection) => T): Promise<T>;
  /** Resolves when what `step` did is committed. It may be run again after a rollback. */
  write<T>(step: (db: Connection) => T): Promise<T>;
  /** Lets what was asked finish, and refuses everything after. */
  close(): Promise<void>;
}

/** Most writes in one transaction, which holds up the event loop for some 20 µs each. */
const MAX_GROUP = 250;

interface Write {
  readonly since: number;
  readonly run: (db: Connection) => void;
}

/** What an access works with. */
export interface AccessParts {
  readonly database: Database;
  readonly attempt: Attempt;
  readonly gate: Gate;
  readonly settings: Settings;
}

/** Access to one database. */
export function createAccess({ database, attempt, gate, settings }: AccessParts): Access {
  const { clock, synchronous } = settings;
  const enqueue = groupCommit(writeGroup, { maxItems: MAX_GROUP });
  let closed = false;

  function commit(db: Connection, writes: readonly Write[]): void {
    const run = (): void => {
      transaction(db, () => {
        for (const write of writes) write.run(db);
      });
    };
    if (database.owned) run();
    else asOurs(db, synchronous, run);
  }

  /** The error of each write, or `undefined` where it is committed. */
  async function writeGroup(writes: readonly Write[]): Promise<readonly unknown[]> {
    try {
      // By the clock of the one that has waited longest: so nobody waits for longer than the busy timeout.
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

  async function writeInGroup<T>(step: (db: Connection) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => undefined;
      const run = (db: Connection): void => {
        const result = step(db);
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
    async read(step) {
      if (closed) throw closedError();
      return attempt(clock.now(), (db) => {
        gate.pass('read');
        return step(db);
      });
    },
    async write(step) {
      if (closed) throw closedError();
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

/** Not the file's fault but that of one value: SQLite's other failures would meet every write. */
function isOfOne(error: unknown): boolean {
  return isQBitFlowError(error) && error.facts['failure'] === 'other';
}
