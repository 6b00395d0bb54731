import { isRegExp } from 'node:util/types';
import { QBitFlowError, sleep } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { TroubleError } from '../api/error-answers.js';
import type { Machine } from '../state/sandbox-state.js';

/** What ails the API; its WebSocket has modes of its own. */
export interface Trouble {
  /** Answers this instead of doing what was asked: 429, 500, 503 or another error from 400 to 599. */
  readonly status?: number | undefined;
  /** For `Retry-After`, in whole seconds, with a `status`. */
  readonly retryAfterSeconds?: number | undefined;
  /** Waits this long before anything else, in ms. Alone, it only makes the API slow. */
  readonly delayMs?: number | undefined;
  /** Cuts the connection: `true` before anything is done, `'answer'` after it was done and instead of saying so. */
  readonly drop?: boolean | 'answer' | undefined;
  /** Only requests whose path, as sent with its query, matches. @default all under `/v1/` and `/v2/` */
  readonly paths?: RegExp | undefined;
}

/** A copy of `trouble`. Throws `misconfigured` for numbers that cannot be. */
export function checkTrouble(trouble: Trouble | undefined): Trouble | undefined {
  if (trouble === undefined) return undefined;
  const { status, retryAfterSeconds, delayMs, paths } = trouble;
  within('status', status, { least: 400, most: 599 });
  within('retryAfterSeconds', retryAfterSeconds, { least: 0, most: 86_400 });
  within('delayMs', delayMs, { least: 0, most: 600_000 });
  if (paths !== undefined && !isRegExp(paths))
    throw misconfigured('paths must be a regular expression');
  return { ...trouble };
}

function within(
  name: string,
  value: number | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw misconfigured(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

function misconfigured(reason: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `the API's trouble is not possible: ${reason}`);
}

/** v2's code of the troubles that have a name. */
const CODES: Readonly<Record<number, string>> = {
  429: 'rate_limited',
  500: 'internal_error',
  503: 'service_unavailable',
};

/** Makes the API as slow, busy or broken as the sandbox was told to be. */
export function makeTrouble(machine: Machine): Middleware {
  const { settings, closing } = machine;
  return async (context, next) => {
    const trouble = machine.trouble.get();
    if (trouble === undefined || !ails(trouble, context.originalUrl)) return next();
    if (trouble.delayMs !== undefined) await sleep(settings.clock, trouble.delayMs, closing.signal);
    if (trouble.drop === true || closing.signal.aborted) return cut(context);
    if (trouble.drop === 'answer') {
      await next();
      return cut(context);
    }
    if (trouble.status === undefined) return next();
    throw new TroubleError(
      trouble.status,
      CODES[trouble.status] ?? 'trouble',
      trouble.retryAfterSeconds,
    );
  };
}

function cut(context: Context): void {
  context.respond = false;
  context.req.socket.destroy();
}

function ails({ paths }: Trouble, path: string): boolean {
  // `search` and not `test`: a global expression has a memory.
  return paths === undefined || path.search(paths) !== -1;
}
