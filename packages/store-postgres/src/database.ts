import { docsOfLine, QBitFlowError, sleep, storableText, storeClosed } from '@qbitflow/core/store';
import { explain, isTransient, STORE, within, type TimeLimits } from './errors.js';
import type { PostgresSettings } from './options.js';
import {
  acquire,
  isDoubtful,
  release,
  type KeptLoan,
  type LaneName,
  type Loan,
  type PostgresClient,
  type PostgresPool,
  type PostgresQuery,
  type Row,
} from './pool.js';
import { reserveOf, type Reserve } from './reserve.js';
import type { Names } from './schema.js';

/** Where clients come from, and how long a call may take from end to end (ms). */
export interface ClientSource extends TimeLimits {
  /** The pool, whoever made it; the store's own is opened at first use. Rejects once closed. */
  readonly pool: () => Promise<PostgresPool>;
  /** A client within `timeoutMs`: for a lane's work the one that is kept for it, or any other that is free. */
  readonly lend: (lane?: LaneName) => Promise<Loan>;
  /** The client kept for a lane and no other. */
  readonly lendKept: (lane: LaneName) => Promise<KeptLoan>;
  /** Keeps two clients of the pool, until the answer is called. */
  readonly keep: () => Promise<() => void>;
  /** Keeps two clients until the source is closed; again does nothing. */
  readonly keepUntilClosed: () => Promise<void>;
  /** Gives back what was kept and takes our listener off the application's pool, or ends the store's own. */
  readonly close: () => Promise<void>;
}

interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

interface Joined {
  readonly pool: PostgresPool;
  readonly reserve: Reserve;
  readonly leave: () => void;
}

/** As many handlers as run at once unless told otherwise may each hold one, beside the two that are kept. */
const CLIENTS = 12;

/** Clients of the application's pool, or of one that the store opens and ends. Survives the death of idle ones. */
export function clientSource({
  address,
  logger,
  timeoutMs,
  clock,
}: PostgresSettings): ClientSource {
  const limits = { clock, timeoutMs };
  let own: OwnPool | undefined;
  let closed = false;

  function onIdleLost(err: Error): void {
    const docs = docsOfLine('idle_client_lost');
    logger.warn({ code: 'idle_client_lost', err, docs }, 'an idle PostgreSQL connection was lost');
  }

  function join(pool: PostgresPool): Joined {
    const reserve = reserveOf(pool, clock);
    return { pool, reserve, leave: reserve.join(onIdleLost) };
  }

  const given = address.pool === undefined ? undefined : join(address.pool);

  const joinOwn = once(async () => {
    own = await openPool(address.connectionString ?? '', timeoutMs);
    return join(own);
  });

  async function current(): Promise<Joined> {
    if (closed) throw storeClosed(STORE);
    return given ?? joinOwn.get();
  }

  async function anyClient(): Promise<Loan> {
    const { pool } = await current();
    const client = await acquire(pool, limits);
    return {
      client,
      giveBack(error) {
        release(client, isDoubtful(error));
      },
    };
  }

  const keep = async (): Promise<() => void> => (await current()).reserve.keep();
  const kept = once(keep);

  return {
    ...limits,
    pool: async () => (await current()).pool,
    lend: async (lane) =>
      lane === undefined ? anyClient() : (await current()).reserve.lend(lane, limits),
    lendKept: async (lane) => (await current()).reserve.lendKept(lane, limits),
    keep,
    async keepUntilClosed() {
      if (!closed) await kept.get();
    },
    async close() {
      if (closed) return;
      closed = true;
      const letGo = await kept.settled();
      letGo?.();
      given?.leave();
      await joinOwn.settled();
      await own?.end();
    },
  };
}

async function openPool(connectionString: string, timeoutMs: number): Promise<OwnPool> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw driverMissing(cause);
  });
  return new pg.Pool({ connectionString, connectionTimeoutMillis: timeoutMs, max: CLIENTS });
}

/** Work that is done once: who asks meanwhile gets the same answer. */
interface Once<Result> {
  /** Does the work, unless it is done or under way; after a failure the next caller tries again. */
  get(): Promise<Result>;
  /** What the work under way comes to; `undefined` where it fails, or was never begun. */
  settled(): Promise<Result | undefined>;
}

function once<Result>(work: () => Promise<Result>): Once<Result> {
  let done: Promise<Result> | undefined;
  return {
    async get() {
      done ??= work().catch((error: unknown) => {
        done = undefined;
        throw error;
      });
      return done;
    },
    settled: async () => done?.catch(() => undefined),
  };
}

function driverMissing(cause: unknown): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'postgresStore({ connectionString }) opens connections with the pg package, which cannot be loaded: install it (npm install pg) and start the process again, or pass { pool }',
    { cause, facts: { store: STORE } },
  );
}

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

/** Takes a client, asks, gives it back: all of it within the time of one call. */
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
    const rows = await within(
      { clock, timeoutMs: leftMs },
      send(loan.client, toQuery(text, values)),
    );
    loan.giveBack();
    return rows.filter(isRow);
  } catch (error) {
    loan.giveBack(error);
    throw error;
  }
}

/** Whether the driver gave an object: its columns are texts and nulls, because of how they are asked for. */
export function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null;
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
