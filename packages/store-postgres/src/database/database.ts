import { sleep } from '@qbitflow/core';
import type { Names } from '../schema/names.js';
import { checkOut, giveBack, type ClientSource } from './checkout.js';
import { within } from './deadline.js';
import { explain } from './explain.js';
import type { PostgresQuery, Row } from './pg-types.js';
import { readRows } from './row.js';
import { isTransient } from './sql-state.js';
import { storableText } from './storable-text.js';

/** A value as it is sent. Texts are made storable on the way. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly (string | null)[]
  | readonly Uint8Array[]
  | readonly number[];

/** One statement and what it is for, as in "the postgres store could not …". */
export interface Statement {
  readonly action: string;
  readonly text: string;
  readonly values: readonly Value[];
}

/** What a transition needs: names and a way to run its one statement. */
export interface Database {
  readonly names: Names;
  /** Runs one statement on a client of the pool, in bounded time. Rejects with a `QBitFlowError`. */
  run(statement: Statement): Promise<readonly Row[]>;
}

const MOST_TRIES = 4;
const PAUSE_MS = 20;
const asText = { getTypeParser: () => (value: string) => value };

/** Runs statements on the clients of a pool. */
export function openDatabase(source: ClientSource, names: Names): Database {
  /** Sends it again after a serialization failure or a deadlock, a few times. */
  async function insist(query: PostgresQuery, tries = 1): Promise<readonly Row[]> {
    try {
      return await askOnce(source, query);
    } catch (error) {
      if (tries >= MOST_TRIES || !isTransient(error)) throw error;
    }
    await sleep(source.clock, PAUSE_MS * tries);
    return insist(query, tries + 1);
  }

  return {
    names,
    async run({ action, text, values }) {
      try {
        return await insist(toQuery(text, values));
      } catch (error) {
        throw explain(error, action);
      }
    },
  };
}

/** Checks a client out, asks, gives it back: all of it within the time of one call. */
async function askOnce(source: ClientSource, query: PostgresQuery): Promise<readonly Row[]> {
  const { clock, timeoutMs } = source;
  const before = clock.now();
  const client = await checkOut(source);
  const leftMs = Math.max(timeoutMs - (clock.now() - before), 1);
  try {
    const { rows } = await within(clock, leftMs, client.query(query));
    giveBack(client);
    return readRows(rows);
  } catch (error) {
    giveBack(client, error);
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
