import type { EventContext } from '@qbitflow/core';
import {
  QBitFlowError,
  storableText,
  type Claim,
  type ClaimOutcome,
  type DurableStore,
  type Progress,
} from '@qbitflow/core/store';
import { withAttempt, writeAttempt, writeNames } from './codec.js';
import { toQuery, type ClientSource } from './database.js';
import { codeOf, explain, isTransient, within } from './errors.js';
import { connect, isDoubtful, release, type PostgresClient } from './pool.js';
import type { Names } from './schema.js';
import { heldBy, withNames } from './transitions.js';

/** What a transaction runs on: the client of your pool, in as much of its type as most handlers need. */
export interface TransactionClient {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what the rows of a statement are, its author knows
  query<Row = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/**
 * Exactly once in three lines: runs `work` in a transaction on a client of the store's pool, completes this handler in
 * it and commits. When `work` rejects, the connection breaks or another worker has taken over, all of it is rolled
 * back and the handler is tried again. Write `(tx: PoolClient) => …` for the whole type of `pg`.
 * @throws `misconfigured` when the kit's store is not a postgres store
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { postgresStore, withTransaction } from '@qbitflow/store-postgres';
 * import pg from 'pg';
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 12 });
 * const qbitflow = createQBitFlow({ store: postgresStore({ pool }) });
 * qbitflow.on('payment.completed', async (event, context) =>
 *   withTransaction(context, async (tx) => {
 *     await tx.query('UPDATE orders SET paid = true WHERE id = $1', [event.data.reference]);
 *   }),
 * );
 * ```
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- inferred from how the handler writes `tx`
export async function withTransaction<Result, Client = TransactionClient>(
  context: Pick<EventContext, 'transaction'>,
  work: (tx: Client) => Promise<Result>,
): Promise<Result> {
  return context.transaction(async (tx) => {
    if (!isClient<Client>(tx))
      throw new QBitFlowError(
        'misconfigured',
        'withTransaction: the store of this kit is not a postgres store: use the withTransaction of its own package',
      );
    return work(tx);
  });
}

/** The type is the caller's to know: the pool is theirs. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
function isClient<Client>(tx: unknown): tx is Client {
  return typeof tx === 'object' && tx !== null && 'query' in tx && 'release' in tx;
}

/**
 * A transaction on a client of the pool that can lose its connection without ending the process. It waits for the
 * client as long as the handlers before it take.
 */
export function transaction(source: ClientSource): Required<DurableStore>['transaction'] {
  return async (work) => {
    const client = await beginOn(source);
    try {
      const result = await work(client);
      await client.query(toQuery('COMMIT'));
      release(client);
      return result;
    } catch (error) {
      await rollBack(source, client);
      throw error;
    }
  };
}

async function beginOn(source: ClientSource): Promise<PostgresClient> {
  const client = await source
    .pool()
    .then(connect)
    .catch((error: unknown) => {
      throw explain(error, 'begin your transaction');
    });
  try {
    await within(source, client.query(toQuery('BEGIN')));
    return client;
  } catch (error) {
    release(client, isDoubtful(error));
    throw explain(error, 'begin your transaction');
  }
}

/** A connection on which not even that works is closed, which rolls back as well. */
async function rollBack(source: ClientSource, client: PostgresClient): Promise<void> {
  try {
    await within(source, client.query(toQuery('ROLLBACK')));
    release(client);
  } catch {
    release(client, true);
  }
}

type CompleteWithin = (
  tx: unknown,
  claim: Claim,
  options: Progress & { readonly done: boolean },
) => Promise<ClaimOutcome>;

/**
 * Remembers a handler's success, and with `done` completes, in the merchant's transaction. The row stays locked until
 * that ends, so no other process can claim it meanwhile; after `lost` the transaction must be rolled back. A serialization
 * failure reaches the merchant as the driver threw it, for their own retries to see.
 */
export function completeWithin(source: ClientSource, names: Names): CompleteWithin {
  const text = completeWithinSql(names.deliveries);
  return async (tx, claim, { succeeded, attempt, done }) => {
    const open = openTransaction(tx, await source.pool());
    if (open.status === 'I') throw noneOpen();
    // A text too where there is none: drivers look at the type of what they bind.
    const progress = [writeNames(succeeded), String(done), writeAttempt(attempt) ?? ''];
    const values = [...heldBy(claim).map(storableText), ...progress];
    try {
      const answer = askWithin(open, text, values);
      return completionOf(await within(source, answer));
    } catch (error) {
      throw isTransient(error) ? error : explain(error, 'complete within your transaction');
    }
  };
}

/**
 * Outside a transaction every statement is one of its own: two of them are then not in the same. Newer releases of
 * `pg` tell `T` themselves.
 */
async function askWithin(
  open: OpenTransaction,
  text: string,
  values: readonly string[],
): Promise<readonly unknown[]> {
  if (open.status === 'T') return open.ask(text, [...values, '']);
  const [first] = await open.ask('SELECT pg_current_xact_id()::text AS xact', []);
  return open.ask(text, [...values, fieldOf(first, 'xact')]);
}

function completionOf([row]: readonly unknown[]): ClaimOutcome {
  if (fieldOf(row, 'inside') !== 'true') throw noneOpen();
  return fieldOf(row, 'changed') === '0' ? 'lost' : 'ok';
}

function fieldOf(row: unknown, name: string): string {
  const value: unknown =
    typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
  return String(value);
}

/**
 * Every placeholder is a text, stands once and in order: drivers that look at the type of a parameter, or bind by
 * question marks, all take them alike. Every column is a text for the same reason.
 */
function completeWithinSql(deliveries: string): string {
  return `WITH told AS (
  SELECT $1::text AS claimed, $2::text AS held_by, $3::text::jsonb AS names, $4::text::boolean AS done,
    nullif($5::text, '') AS attempt, $6::text IN ('', pg_current_xact_id()::text) AS inside
), changed AS (
  UPDATE ${deliveries} SET succeeded = ${withNames('told.names')}, attempts = ${withAttempt('told.attempt')},
    state = CASE WHEN done THEN 'done' ELSE state END,
    at = CASE WHEN done THEN clock_timestamp() ELSE at END,
    token = CASE WHEN done THEN NULL ELSE token END,
    finished = CASE WHEN done THEN started ELSE finished END
  FROM told WHERE inside AND key = claimed AND token = held_by AND state = 'running' RETURNING 1
)
SELECT inside::text AS inside, (SELECT count(*) FROM changed)::text AS changed FROM told`;
}

function noneOpen() {
  return misuse(
    'no transaction is open on what was passed: BEGIN first, or pass the transaction and not what began it',
  );
}

/**
 * The merchant's open transaction: a `Client` or `PoolClient` of `pg`, or anything else whose `query` takes a text
 * with `$1` and an array of values and gives rows.
 */
export interface PostgresTransaction {
  query(
    text: string,
    values: unknown[],
  ): Promise<{ readonly rows: readonly unknown[] } | readonly unknown[]>;
}

/** A transaction of whatever library, as the store asks it. */
interface OpenTransaction {
  ask(text: string, values: readonly string[]): Promise<readonly unknown[]>;
  /** What the driver says of the transaction: `I` where none is open, `undefined` where it does not say. */
  readonly status: string | undefined;
}

type Method = (...values: unknown[]) => unknown;

/**
 * Finds out by its shape what the transaction is of: pg, Knex, Drizzle, Prisma, postgres.js, or something with `query`.
 * Throws `misconfigured` for anything else.
 */
function openTransaction(tx: unknown, pool: unknown): OpenTransaction {
  if (!isObject(tx) || tx === pool) throw notATransaction();
  const prisma = methodOf(tx, '$queryRawUnsafe');
  if (prisma !== undefined) return opened(async (text, values) => prisma(text, ...values));
  const postgresJs = methodOf(tx, 'unsafe');
  if (postgresJs !== undefined)
    return opened(async (text, values) => postgresJs(text, [...values]));
  const drizzle = 'dialect' in tx ? methodOf(tx, 'execute') : undefined;
  if (drizzle !== undefined)
    return opened(async (text, values) => unwrapped(async () => drizzle(readyQuery(text, values))));
  const knex = methodOf(tx, 'raw');
  // Knex binds by question marks; each of ours stands once and in order.
  if (knex !== undefined)
    return opened(async (text, values) => knex(text.replaceAll(/\$\d+/g, '?'), [...values]));
  const query = methodOf(tx, 'query');
  if (query !== undefined) return opened(async (text, values) => query(text, [...values]), tx);
  throw notATransaction();
}

function opened(
  ask: (text: string, values: readonly string[]) => Promise<unknown>,
  client: object = {},
): OpenTransaction {
  const status = methodOf(client, 'getTransactionStatus')?.();
  return {
    ask: async (text, values) => rowsOf(await ask(text, values)),
    status: typeof status === 'string' ? status : undefined,
  };
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

function methodOf(target: object, name: string): Method | undefined {
  const method: unknown = Reflect.get(target, name);
  return typeof method === 'function'
    ? (...values): unknown => Reflect.apply(method, target, values)
    : undefined;
}

/** Drizzle takes its own `sql` or anything that gives one; of that it asks for the finished query alone. */
function readyQuery(text: string, values: readonly string[]): object {
  const ready = {
    getSQL: (): object => ready,
    toQuery: () => ({ sql: text, params: [...values] }),
  };
  return ready;
}

/** Drizzle wraps what the server says: whoever tries again after a serialization failure looks for its code. */
async function unwrapped(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    const cause: unknown = Reflect.get(Object(error), 'cause');
    throw codeOf(error) === undefined && codeOf(cause) !== undefined ? cause : error;
  }
}

function rowsOf(answer: unknown): readonly unknown[] {
  if (Array.isArray(answer)) return answer;
  const rows: unknown = isObject(answer) ? Reflect.get(answer, 'rows') : undefined;
  if (Array.isArray(rows)) return rows;
  throw misuse('its query gives neither rows nor { rows }: wrap it as the README shows');
}

function notATransaction(): QBitFlowError {
  return misuse(
    'pass what your transaction runs on (a client of pg, or the transaction of Knex, Drizzle, Prisma or postgres.js), not a pool',
  );
}

/** A mistake in what was passed. */
function misuse(cure: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `completeWithin: ${cure}`);
}
