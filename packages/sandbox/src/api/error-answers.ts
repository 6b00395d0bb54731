import { STATUS_CODES } from 'node:http';
import { isQBitFlowError } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { CheckoutError, type CheckoutProblem } from '../errors.js';
import type { Log, LogCode } from '../log.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { CanonicalJsonError, type JsonObject } from '../wire/canonical-json.js';

/** What is wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** An answer other than success, before an API generation gives it its shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly fields: readonly FieldError[] = [];
  /** v2's `details` beside the fields at fault. */
  readonly details: Readonly<Record<string, string | number>> = {};
  /** For the `Retry-After` header. */
  readonly retryAfterSeconds: number | undefined = undefined;

  constructor(
    readonly status: number,
    /** v2's `code`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** 400 `validation_failed`, naming the fields at fault. */
export class ValidationError extends ApiError {
  override readonly fields: readonly FieldError[];

  override readonly details: Readonly<Record<string, string | number>>;

  constructor(
    fields: readonly FieldError[],
    message = 'the request is not valid',
    details: Readonly<Record<string, string | number>> = {},
  ) {
    super(400, 'validation_failed', message);
    this.fields = fields;
    this.details = details;
  }
}

/** 409 `unique_violation`, naming the field whose value is taken. */
class UniqueViolation extends ApiError {
  override readonly details: Readonly<Record<string, string>>;

  constructor(field: string, message: string) {
    super(409, 'unique_violation', message);
    this.details = { field };
  }
}

/** An answer that a fault of the API gives. */
export class InjectedError extends ApiError {
  override readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, retryAfterSeconds: number | undefined) {
    super(status, code, 'the sandbox was told to answer so (setTrouble)');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Status and v2 code of everything a checkout can fail for. */
const ANSWERS: Readonly<Record<CheckoutProblem, readonly [status: number, code: string]>> = {
  unknown: [404, 'not_found'],
  already_sent: [409, 'tx_already_sent'],
  expired: [410, 'expired'],
  not_possible: [409, 'not_possible'],
  invalid_input: [400, 'validation_failed'],
  reference_taken: [409, 'unique_violation'],
  key_reused: [422, 'idempotency_key_reused'],
};

/** Anything thrown while answering, as an answer; `undefined` for a defect of the sandbox. */
function meantAnswer(thrown: unknown): ApiError | undefined {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof CheckoutError) {
    if (thrown.problem === 'reference_taken')
      return new UniqueViolation('reference', thrown.message);
    const [status, code] = ANSWERS[thrown.problem];
    return new ApiError(status, code, thrown.message);
  }
  if (thrown instanceof CanonicalJsonError)
    return new ApiError(409, 'not_possible', thrown.message);
  if (isQBitFlowError(thrown))
    return thrown.code === 'invalid_reference'
      ? new ApiError(404, 'not_found', thrown.message)
      : new ApiError(409, 'not_possible', thrown.message);
  return undefined;
}

/** Anything thrown while answering, as an answer. What was not meant to be one is logged and becomes a 500. */
export function toApiError(log: Log, thrown: unknown, code: LogCode): ApiError {
  const answer = meantAnswer(thrown);
  if (answer !== undefined) return answer;
  log(code, { err: thrown });
  return new ApiError(500, 'internal_error', 'the sandbox failed: its log says why');
}

/** Gives every failure v1's error body. */
export function renderErrorsV1({ log }: SandboxState): Middleware {
  return async (context, next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined)
        throw new ApiError(404, 'not_found', `no route ${context.method} ${context.path}`);
    } catch (thrown) {
      const failure = toApiError(log, thrown, 'api_request_failed');
      const { status, retryAfterSeconds } = failure;
      context.status = status;
      if (retryAfterSeconds !== undefined) context.set('Retry-After', String(retryAfterSeconds));
      context.body = errorBodyV1(failure);
    }
  };
}

/** v1's words for a failure. */
export function errorBodyV1({ status, message, fields }: ApiError): JsonObject {
  const problems = fields.map((problem) => `${problem.field} ${problem.message}`);
  return {
    error: STATUS_CODES[status] ?? 'Error',
    message: [message, ...problems].join('; '),
    status,
  };
}

/** Gives every answer an `X-Request-Id`, and every failure v2's error body. */
export function renderErrorsV2({ ids, log }: SandboxState): Middleware {
  return async (context, next) => {
    const requestId = context.get('x-request-id') || `req_${ids.uuid()}`;
    context.set('X-Request-Id', requestId);
    try {
      await next();
      if (context.status === 404 && context.body === undefined)
        throw new ApiError(404, 'not_found', `no route ${context.method} ${context.path}`);
    } catch (thrown) {
      const failure = toApiError(log, thrown, 'api_request_failed');
      const { status, code, message, retryAfterSeconds } = failure;
      context.status = status;
      if (retryAfterSeconds !== undefined) context.set('Retry-After', String(retryAfterSeconds));
      context.body = { error: message, code, details: detailsOf(failure), requestId };
    }
  };
}

function detailsOf({ fields, details, retryAfterSeconds }: ApiError): JsonObject | undefined {
  const all = {
    ...(fields.length === 0 ? {} : { errors: fields }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...details,
  };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Failures of `/sandbox` and of the pages, as JSON. */
export function renderErrors({ log }: SandboxState): Middleware {
  return async (context, next) => {
    try {
      await next();
    } catch (thrown) {
      const { status, message } = toApiError(log, thrown, 'request_failed');
      context.status = status;
      context.body = { error: message };
    }
  };
}
