import { readRetryAfter } from './api/retry-after.js';
import { asText } from './as-error.js';
import { isDate } from 'node:util/types';
import { safeDelayMs } from './clock.js';
import { docsOfError } from './docs.js';

/** Answers by error code: the one place where a failure becomes an HTTP status. */
const STATUS_BY_CODE = {
  misconfigured: 500,
  method_not_allowed: 405,
  body_too_large: 413,
  body_timeout: 408,
  body_aborted: 400,
  body_consumed: 500,
  overloaded: 503,
  invalid_signature: 401,
  verification_undecided: 503,
  unreadable_event: 200,
  store_unavailable: 503,
  store_full: 503,
  claim_held: 503,
  invalid_reference: 400,
  invalid_checkout: 400,
  already_paid: 409,
  payment_in_progress: 409,
  api_unreachable: 503,
  api_timeout: 503,
  api_rejected: 502,
  api_unreadable: 502,
  handler_timeout: 500,
  poison: 500,
  lease_lost: 500,
  retry_later: 500,
  unrecoverable: 500,
  internal: 500,
} as const satisfies Record<string, number>;

/** Every reason the kit gives for a failure. */
export type ErrorCode = keyof typeof STATUS_BY_CODE;

/** The HTTP status that answers a failure of this code. */
export function statusOf(code: ErrorCode): number {
  // An error of another release of this kit may bring a code that this one does not know.
  return Object.hasOwn(STATUS_BY_CODE, code) ? STATUS_BY_CODE[code] : 500;
}

const BRAND = Symbol.for('@qbitflow/error');

export { asError } from './as-error.js';

/**
 * Base of every error the kit throws or reports. The message names the likely cause and the cure, in 2,000 characters
 * at most; `facts` carries what a program may want to look at. Recognise one with {@link isQBitFlowError}:
 * `instanceof` fails when a program loads both module formats.
 * @example
 * ```js
 * import { createQBitFlow, isQBitFlowError } from '@qbitflow/core';
 *
 * try {
 *   createQBitFlow({ webhookSecret: '"whsec_…"' });
 * } catch (error) {
 *   if (isQBitFlowError(error)) console.log(error.code, error.message, error.docs); // misconfigured …
 * }
 * ```
 */
export class QBitFlowError extends Error {
  override readonly name: string = 'QBitFlowError';
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; facts?: Readonly<Record<string, unknown>> } = {},
  ) {
    // Callers without types pass an error, or nothing, for a reason.
    super(asText(message), 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.facts = { ...options.facts };
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Where its `code` is explained, with cause and cure: the address of a section of the reference. */
  get docs(): string {
    return docsOfError(this.code);
  }
}

/**
 * Whether `error` comes from this kit, whichever module format made it. Never throws.
 * @example
 * ```js
 * import { createQBitFlow, isQBitFlowError } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow();
 * qbitflow.onError((error, { stage }) => {
 *   console.log(stage, isQBitFlowError(error) ? error.code : 'of a handler');
 * });
 * ```
 */
export function isQBitFlowError(error: unknown): error is QBitFlowError {
  if (typeof error !== 'object' || error === null) return false;
  try {
    return Reflect.get(error, BRAND) === true && typeof Reflect.get(error, 'code') === 'string';
  } catch {
    // A revoked Proxy, or one that lies and fails at it.
    return false;
  }
}

/** How a wait taken from a header is reported. */
export interface FromHeaderOptions {
  /** The wait when the header is missing or says nothing, in ms. @default the usual back-off, and the attempt counts */
  readonly otherwiseMs?: number | undefined;
  /** For the log and for operators. */
  readonly reason?: string | undefined;
}

const ASKED_LATER = 'the handler asked to be called again later';

/**
 * Thrown by a handler to be called again later instead of after the usual back-off: after so many ms, or at a `Date`.
 * For what is closed or asks for time; any other error is tried again by itself, and {@link Unrecoverable} never. What is
 * neither (NaN, `Infinity`, more than a year, a text) is told in the message, and the attempt then counts as failed like
 * any other.
 * @example
 * ```js
 * import { createQBitFlow, RetryLater } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow();
 * qbitflow.on('payment.completed', async (event, { signal }) => {
 *   const answer = await fetch('https://warehouse.example/orders', { method: 'POST', signal });
 *   if (answer.status === 429) throw RetryLater.fromHeader(answer.headers.get('retry-after'));
 *   if (answer.status === 503) throw new RetryLater(60_000, 'the warehouse is closed');
 * });
 * ```
 */
export class RetryLater extends QBitFlowError {
  override readonly name = 'RetryLater';
  /** The wait asked for, in ms; `undefined` where a moment was, or nothing that is a time. */
  readonly delayMs: number | undefined;
  /** The moment asked for. */
  readonly at: Date | undefined;

  constructor(after: number | Date, reason = ASKED_LATER) {
    const delay = readRetryDelay(after);
    const problem = typeof delay === 'string' ? delay : undefined;
    const delayMs = typeof delay === 'object' && 'ms' in delay ? delay.ms : undefined;
    const at = typeof delay === 'object' && 'at' in delay ? new Date(delay.at) : undefined;
    const facts = problem === undefined ? { delayMs, at: at?.toISOString() } : { problem };
    super('retry_later', problem === undefined ? reason : unusable(reason, problem), { facts });
    this.delayMs = delayMs;
    this.at = at;
  }

  /** Waits as long as a `Retry-After` header says: seconds or an HTTP date, as `headers.get()` or Node give it. */
  static fromHeader(
    header: string | readonly string[] | null | undefined,
    { otherwiseMs = Number.NaN, reason }: FromHeaderOptions = {},
  ): RetryLater {
    const [text = ''] = typeof header === 'string' ? [header] : (header ?? []);
    const said = readRetryAfter(text);
    if (said === undefined) return new RetryLater(otherwiseMs, reason);
    return new RetryLater('ms' in said ? said.ms : new Date(said.at), reason);
  }
}

function unusable(reason: string, problem: string): string {
  return `${reason} (RetryLater was given ${problem}: the usual back-off applies)`;
}

/**
 * How long a {@link RetryLater} of any copy of this kit asks to wait, in ms from `now` (ms since 1970). `undefined` for
 * other errors, and for what is no time or more than a year away: that is a failure like any other.
 */
export function askedDelayMs(error: unknown, now: number): number | undefined {
  if (!isQBitFlowError(error) || error.code !== 'retry_later') return undefined;
  return waitOf(Reflect.get(error, 'at') ?? Reflect.get(error, 'delayMs'), now);
}

/**
 * Thrown by a handler whose event can never succeed: it goes to the dead letters without further attempts.
 * @example
 * ```js
 * import { createQBitFlow, Unrecoverable } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow();
 * qbitflow.on('payment.completed', (event) => {
 *   if (event.data.reference === undefined) throw new Unrecoverable('a payment for no order');
 * });
 * ```
 */
export class Unrecoverable extends QBitFlowError {
  override readonly name = 'Unrecoverable';

  constructor(reason: string, options: { cause?: unknown } = {}) {
    super('unrecoverable', reason, options);
  }
}

/** When to come again: after so many ms, or at a moment (ms since 1970). */
export type RetryDelay = { readonly ms: number } | { readonly at: number };

/** Longer than any delivery is put off for: a number beyond it is a moment, or a mistake. 366 days, in ms. */
export const LONGEST_RETRY_MS = 31_622_400_000;

/** Reads what a handler asked for; a text says why it means nothing. */
export function readRetryDelay(asked: unknown): RetryDelay | string {
  if (isDate(asked)) {
    const at = Date.prototype.getTime.call(asked);
    return Number.isNaN(at) ? 'an invalid Date' : { at };
  }
  if (typeof asked === 'string')
    return 'a text: the text of a Retry-After header goes through RetryLater.fromHeader()';
  if (typeof asked !== 'number') return asked === null ? 'null' : typeof asked;
  if (Number.isNaN(asked)) return 'NaN, often a header that is missing';
  if (!Number.isFinite(asked)) return String(asked);
  return asked > LONGEST_RETRY_MS ? 'more than a year of ms' : { ms: asked };
}

/** The wait in ms from `now`, never negative; `undefined` when it is no time, or more than a year away. */
export function waitOf(asked: unknown, now: number): number | undefined {
  const delay = readRetryDelay(asked);
  if (typeof delay === 'string') return undefined;
  const ms = 'ms' in delay ? delay.ms : delay.at - now;
  return ms > LONGEST_RETRY_MS ? undefined : safeDelayMs(ms, 0);
}
