import { QBitFlowError } from '@qbitflow/core';
import { codeOf } from '../database/sql-state.js';

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
export interface OpenTransaction {
  ask(text: string, values: readonly string[]): Promise<readonly unknown[]>;
  /** What the driver says of the transaction: `I` where none is open, `undefined` where it does not say. */
  readonly status: string | undefined;
}

type Method = (...values: unknown[]) => unknown;

/**
 * Finds out by its shape what the transaction is of: pg, Knex, Drizzle, Prisma, postgres.js, or something with `query`.
 * Throws `misconfigured` for anything else.
 */
export function openTransaction(tx: unknown, pool: unknown): OpenTransaction {
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
export function misuse(cure: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `completeWithin: ${cure}`);
}
