import {
  isQBitFlowError,
  QBitFlowError,
  storeUnavailable,
  withTimeout,
  type Clock,
} from '@qbitflow/core/store';

/** What the store calls itself. */
export const STORE = 'postgres';

/** Failures that no waiting cures, and the cure. */
const SETUP: Readonly<Record<string, string>> = {
  '42P01':
    'its tables are not there: call init() (the kit does in start()), or have an administrator run schemaSql()',
  '3F000':
    'its schema is not there: call init() (the kit does in start()), or have an administrator run schemaSql()',
  '42883':
    'its functions are not there or the role may not see them: call init() with the newest release, or have an administrator run schemaSql()',
  '42703':
    'its tables are of another version: call init() with the newest release, or have an administrator run schemaSql()',
  '42501':
    'the role has not the rights: it needs USAGE on the schema, SELECT, INSERT, UPDATE and DELETE on its tables, USAGE on its sequence, EXECUTE on its functions, and to create them CREATE on the database',
};

/** Failures that pass, with a likelier cause than an outage. */
const PASSING: Readonly<Record<string, string>> = {
  '25006':
    'the server is read-only: is this a replica, or a primary that was just demoted? Use the address of the primary',
  '53300':
    'the server has no connection left: lower the size of the pools or raise max_connections',
  '55P03': 'another transaction holds a lock',
  '28000': 'the server does not let this role in: check user, password and pg_hba.conf',
  '28P01': 'the server does not let this role in: check user and password',
  '3D000': 'there is no such database on the server',
};

/** Any failure as an error of the kit. It names no address and no password; the cause is kept. */
export function explain(error: unknown, action: string): QBitFlowError {
  if (isQBitFlowError(error)) return error;
  const code = codeOf(error) ?? (error instanceof DeadlineError ? 'timeout' : 'no code');
  const facts = { store: STORE, action, sqlState: code };
  const setup = SETUP[code];
  // An URL that cannot be read is part of the error Node throws for it, password and all.
  const cause = code === 'ERR_INVALID_URL' ? undefined : error;
  if (setup !== undefined)
    return new QBitFlowError(
      'misconfigured',
      `the postgres store could not ${action} (${code}): ${setup}`,
      { cause, facts },
    );
  const why = PASSING[code] ?? causeOf(error);
  return storeUnavailable(STORE, `could not ${action} (${code}): ${why}`, { cause, facts });
}

/** The server that was reached takes no writes. */
export function readOnly(action: string): QBitFlowError {
  return storeUnavailable(STORE, `could not ${action}: ${PASSING['25006'] ?? ''}`, {
    facts: { action, sqlState: '25006' },
  });
}

function causeOf(error: unknown): string {
  if (error instanceof DeadlineError) return SLOW;
  return isStatementError(error) ? REFUSED : AWAY;
}

const REFUSED = 'the server refused the statement; what it said is the cause of this error';
const SLOW =
  'no answer in time: is the pool exhausted, the server overloaded, or a row locked by a transaction left open?';
const AWAY = 'is the server running and reachable, and is the pool open?';

/** The five characters by which PostgreSQL, or the word by which Node, names an error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

const SQL_STATE = /^[0-9A-Z]{5}$/;
/** Classes after which the connection cannot be trusted: connection, operator intervention, system, internal. */
const BROKEN = /^(?:08|57P|58|XX)/;

/** Whether the server refused the statement and the connection is as good as before. */
export function isStatementError(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && SQL_STATE.test(code) && !BROKEN.test(code);
}

/** Whether the same statement may well succeed when sent again: serialization failure or deadlock. */
export function isTransient(error: unknown): boolean {
  const code = codeOf(error);
  return code === '40001' || code === '40P01';
}

/** Thrown when a call took longer than it may. */
class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/** How long something may take, and by which clock. */
export interface TimeLimits {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Settles as `work` does, or rejects once its time is up, which {@link explain} knows; `work` then goes on unwatched. */
export async function within<T>({ clock, timeoutMs }: TimeLimits, work: Promise<T>): Promise<T> {
  const late = (): Error => new DeadlineError(`no answer within ${timeoutMs} ms`);
  return withTimeout({ clock, timeoutMs, late }, async () => work);
}
