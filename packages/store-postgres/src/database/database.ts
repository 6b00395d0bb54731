import { sleep } from '@qbitflow/core';
import type { Names } from '../schema/names.js';
import type { ClientSource, LaneName } from './checkout.js';
import { within } from './deadline.js';
import { explain } from './explain.js';
import type { PostgresClient, PostgresQuery, Row } from './pg-types.js';
import { readRows } from './row.js';
import { isTransient } from './sql-state.js';
import { storableText } from './storable-text.js';

/** A value as it is sent. Texts are made storable on the way; lists hold no nulls, which a server may be told to read as texts. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly string[]
  | readonly Uint8Array[]
  | readonly number[];

/** One statement and what it is for, as in "the postgres store could not …". */
export interface Statement {
  readonly action: string;
  readonly text: string;
  readonly values: readonly Value[];
  /** Whose client runs it; without one it is an operator's and waits its turn for any. */
  readonly lane?: LaneName | undefined;
}

/** What a transition needs: names and a way to run its one statement. */
export interface Database {
  readonly names: Names;
  /** Runs one statement on a client of the pool, in bounded time. Rejects with a `QBitFlowError`. */
  run(statement: Statement): Promise<readonly Row[]>;
  /**
   * From now on every statement gets a transaction of its own at READ COMMITTED: for servers that default to another
   * level, at which a statement does not see what it waited for.
   */
  readCommitted(): void;
}

const MOST_TRIES = 4;
const PAUSE_MS = 20;
const asText = { getTypeParser: () => (value: string) => value };

/** Runs statements on the clients of a pool. */
export function openDatabase(source: ClientSource, names: Names): Database {
  let send = sendAlone;

  /** Sends it again after a serialization failure or a deadlock, a few times. */
  async function insist(statement: Statement, tries = 1): Promise<readonly Row[]> {
    try {
      return await askOnce(source, statement, send);
    } catch (error) {
      if (tries >= MOST_TRIES || !isTransient(error)) throw error;
    }
    await sleep(source.clock, PAUSE_MS * tries);
    return insist(statement, tries + 1);
  }

  return {
    names,
    async run(statement) {
      try {
        return await insist(statement);
      } catch (error) {
        throw explain(error, statement.action);
      }
    },
    readCommitted() {
      send = sendInTransaction;
    },
  };
}

type Send = (client: PostgresClient, query: PostgresQuery) => Promise<readonly unknown[]>;

const sendAlone: Send = async (client, query) => (await client.query(query)).rows;

const sendInTransaction: Send = async (client, query) => {
  await client.query(toQuery('BEGIN ISOLATION LEVEL READ COMMITTED'));
  try {
    const { rows } = await client.query(query);
    await client.query(toQuery('COMMIT'));
    return rows;
  } catch (error) {
    // It rejects where the connection is gone, and says nothing new.
    await client.query(toQuery('ROLLBACK')).catch(() => undefined);
    throw error;
  }
};

/** Checks a client out, asks, gives it back: all of it within the time of one call. */
async function askOnce(
  source: ClientSource,
  { text, values, lane }: Statement,
  send: Send,
): Promise<readonly Row[]> {
  const { clock, timeoutMs } = source;
  const before = clock.now();
  const loan = await source.lend(lane);
  const leftMs = Math.max(timeoutMs - (clock.now() - before), 1);
  try {
    const rows = await within(clock, leftMs, send(loan.client, toQuery(text, values)));
    loan.giveBack();
    return readRows(rows);
  } catch (error) {
    loan.giveBack(error);
    throw error;
  }
}

/** A statement as `pg` takes it, with every column of the answer left as text. */
export function toQuery(text: string, values: readonly Value[] = []): PostgresQuery {
  return { text, values: values.map(storable), types: asText };
}

function storable(value: Value): unknown {
  if (typeof value === 'string') return storableText(value);
  if (!Array.isArray(value)) return value;
  return value.map((member: unknown) =>
    typeof member === 'string' ? storableText(member) : member,
  );
}
