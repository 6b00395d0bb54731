import { sleep } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { TroubleError } from '../api/api-error.js';
import type { Machine } from '../machine.js';
import type { Trouble } from './trouble.js';

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
