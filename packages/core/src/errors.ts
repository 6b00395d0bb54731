/** Answers by error code: the one place where a failure becomes an HTTP status. */
const STATUS_BY_CODE = {
  misconfigured: 500,
  method_not_allowed: 405,
  body_too_large: 413,
  body_timeout: 408,
  body_aborted: 400,
  body_consumed: 500,
  invalid_signature: 401,
  verification_undecided: 503,
  unreadable_event: 200,
  store_unavailable: 503,
  store_full: 503,
  claim_held: 503,
  invalid_reference: 400,
  invalid_checkout: 400,
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
  return STATUS_BY_CODE[code];
}

const BRAND = Symbol.for('@qbitflow/error');

/**
 * Base of every error the kit throws or reports. The message names the likely cause and the cure;
 * `facts` carries what a program may want to look at. Recognise one with {@link isQBitFlowError}:
 * `instanceof` fails when a program loads both module formats.
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
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.facts = { ...options.facts };
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether `error` comes from this kit, whichever module format made it. */
export function isQBitFlowError(error: unknown): error is QBitFlowError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

/** Thrown by a handler to be called again after `delayMs` (ms) instead of the usual back-off. */
export class RetryLater extends QBitFlowError {
  override readonly name = 'RetryLater';
  readonly delayMs: number;

  constructor(delayMs: number, reason = 'the handler asked to be called again later') {
    super('retry_later', reason, { facts: { delayMs } });
    this.delayMs = delayMs;
  }
}

/** Thrown by a handler whose event can never succeed: it goes to the dead letters without further attempts. */
export class Unrecoverable extends QBitFlowError {
  override readonly name = 'Unrecoverable';

  constructor(reason: string, options: { cause?: unknown } = {}) {
    super('unrecoverable', reason, options);
  }
}

/** Any thrown value as an `Error`: handlers may throw strings, `undefined` or objects without a prototype. */
export function asError(thrown: unknown): Error {
  if (thrown instanceof Error || isQBitFlowError(thrown)) return thrown;
  return new Error(`a value that is not an Error was thrown: ${describe(thrown)}`, {
    cause: thrown,
  });
}

function describe(value: unknown): string {
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return typeof value;
  }
}
