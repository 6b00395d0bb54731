import { isRegExp } from 'node:util/types';
import { sleep } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { ApiError } from '../api/error-answers.js';
import { misconfigured } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';

/** A fault of the API; its WebSocket has modes of its own. */
export interface ApiFault {
  /** Answers this instead of doing what was asked: 429, 500, 503 or another error from 400 to 599. */
  readonly status?: number | undefined;
  /** v2's code beside the status, e.g. `merchant_not_ready` with 409. @default the status's usual one */
  readonly code?: string | undefined;
  /** For `Retry-After`, in whole seconds, with a `status`. @default 1 with 429, which QBitFlow never sends without */
  readonly retryAfterSeconds?: number | undefined;
  /** Waits this long before anything else, in ms. Alone, it only makes the API slow. */
  readonly delayMs?: number | undefined;
  /** Cuts the connection: `true` before anything is done, `'answer'` after it was done and instead of saying so. */
  readonly drop?: boolean | 'answer' | undefined;
  /** Only requests whose path, as sent with its query, matches. @default all under `/v1/` and `/v2/` */
  readonly paths?: RegExp | undefined;
}

/** A copy of `fault`. Throws `misconfigured` for numbers that cannot be. */
export function checkApiFault(fault: ApiFault | undefined): ApiFault | undefined {
  if (fault === undefined) return undefined;
  const { status, code, retryAfterSeconds, delayMs, paths } = fault;
  checkRange('status', status, 400, 599);
  checkRange('retryAfterSeconds', retryAfterSeconds, 0, 86_400);
  checkRange('delayMs', delayMs, 0, 600_000);
  if (code !== undefined && !/^[a-z][a-z_]{0,63}$/.test(code))
    throw notPossible(`code must be lower-case words such as merchant_not_ready, not ${code}`);
  if (paths !== undefined && !isRegExp(paths))
    throw notPossible('paths must be a regular expression');
  return { ...fault };
}

function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw notPossible(`${name} must be a whole number from ${least} to ${most}, not ${value}`);
}

function notPossible(reason: string): Error {
  return misconfigured(`the API's fault is not possible: ${reason}`);
}

/** v2's usual codes of the statuses that a fault can have. */
const CODES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'merchant_closed',
  413: 'request_too_large',
  422: 'idempotency_key_reused',
  429: 'rate_limit_exceeded',
  503: 'network_unavailable',
  504: 'timeout',
};

/** What QBitFlow says beside a code; the figures and names are the sandbox's own. */
const DETAILS: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  merchant_not_ready: { reason: 'noWallet' },
  policy_disabled: { policy: 'checkout' },
  rate_limit_exceeded: { limit: 100, periodSeconds: 60 },
  refund_already_exists: { refundUuid: 'refund@00000000-0000-4000-8000-0000000000c0' },
  unique_violation: { field: 'reference' },
};

function answerOf({ status = 500, code = codeOf(status), retryAfterSeconds }: ApiFault): ApiError {
  return new ApiError(status, code, 'the sandbox was told to answer so (setApiFault)', {
    retryAfterSeconds: retryAfterSeconds ?? (status === 429 ? 1 : undefined),
    ...(DETAILS[code] === undefined ? {} : { details: DETAILS[code] }),
  });
}

function codeOf(status: number): string {
  return CODES[status] ?? (status < 500 ? 'bad_request' : 'internal');
}

/** Makes the API as slow, busy or broken as `setApiFault` says. */
export function injectApiFault({ settings, switches, closing }: SandboxState): Middleware {
  return async (context, next) => {
    const fault = switches.apiFault;
    if (fault === undefined || !applies(fault, context.originalUrl)) return next();
    if (fault.delayMs !== undefined)
      await sleep(settings.clock.machine, fault.delayMs, closing.signal);
    if (fault.drop === true || closing.signal.aborted) return cut(context);
    if (fault.drop === 'answer') {
      await next();
      return cut(context);
    }
    if (fault.status === undefined) return next();
    throw answerOf(fault);
  };
}

function cut(context: Context): void {
  context.respond = false;
  context.req.socket.destroy();
}

function applies({ paths }: ApiFault, path: string): boolean {
  // `search` and not `test`: a global expression has a memory.
  return paths === undefined || path.search(paths) !== -1;
}
