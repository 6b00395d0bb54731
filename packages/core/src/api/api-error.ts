import { type ErrorCode, QBitFlowError, isQBitFlowError } from '../errors.js';

/** How a call to the API can fail: no answer, no answer in time, a refusal, an answer that makes no sense. */
export type ApiErrorCode = Extract<ErrorCode, `api_${string}`>;

/** One field the API found fault with. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What is known about a failed call. Nothing of it ever holds the API key. */
export interface ApiErrorFacts {
  /** HTTP status of the answer; `undefined` when there was none. */
  readonly status?: number | undefined;
  /** The API's own `code`, e.g. `validation_failed` (v2). */
  readonly apiCode?: string | undefined;
  /** What QBitFlow's support wants to know (v2). */
  readonly requestId?: string | undefined;
  readonly fieldErrors?: readonly FieldError[] | undefined;
  /** What else the API said about it in single values, e.g. `field`, `max`, `reason` (v2). */
  readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** How long the API asks to be left alone (ms). */
  readonly retryAfterMs?: number | undefined;
}

/**
 * A call to QBitFlow's API failed. Recognise one with {@link isApiError}.
 * @example
 * ```js
 * import { createQBitFlow, isApiError } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow();
 * try {
 *   await qbitflow.checkout.expire('pay@00000000-0000-4000-8000-000000000000');
 * } catch (error) {
 *   if (isApiError(error)) console.log(error.status, error.apiCode, error.requestId);
 * }
 * ```
 */
export class ApiError extends QBitFlowError implements ApiErrorFacts {
  override readonly name = 'ApiError';
  readonly status: number | undefined;
  readonly apiCode: string | undefined;
  readonly requestId: string | undefined;
  readonly fieldErrors: readonly FieldError[];
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ApiErrorCode,
    message: string,
    { cause, ...facts }: ApiErrorFacts & { readonly cause?: unknown } = {},
  ) {
    super(code, message, cause === undefined ? { facts } : { facts, cause });
    this.status = facts.status;
    this.apiCode = facts.apiCode;
    this.requestId = facts.requestId;
    this.fieldErrors = facts.fieldErrors ?? [];
    this.details = facts.details ?? {};
    this.retryAfterMs = facts.retryAfterMs;
  }
}

/**
 * Whether `error` is an {@link ApiError}, whichever module format made it: QBitFlow's API refused or did not answer. Other
 * errors of the kit are told by {@link isQBitFlowError} and their `code`. Never throws.
 * @example
 * ```js
 * import { createQBitFlow, isApiError } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow({ apiKey: 'sk_wrong', webhookSecret: 'whsec_…' });
 * const failure = await qbitflow.getStatus({ uuid: 'pay@1' }).catch((error) => error);
 * console.assert(isApiError(failure) && failure.status === 401);
 * ```
 */
export function isApiError(error: unknown): error is ApiError {
  return isQBitFlowError(error) && error.name === 'ApiError';
}
