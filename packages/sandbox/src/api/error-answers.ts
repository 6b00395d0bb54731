import { isQBitFlowError } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { CheckoutError, type CheckoutProblem } from '../errors.js';
import type { Log, LogCode } from '../log.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { CanonicalJsonError, type JsonObject } from '../wire/canonical-json.js';

/** What is wrong with one field of a request; the fields of an object in it are named with a dot. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What an error says beside its code. */
export interface ApiErrorFacts {
  readonly fields?: readonly FieldError[];
  /** v2's `details` beside the fields at fault. */
  readonly details?: Readonly<Record<string, string | number>>;
  /** For the `Retry-After` header, and v2's details. */
  readonly retryAfterSeconds?: number | undefined;
}

/** An answer other than success, before an API generation gives it its shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    /** v2's `code`. */
    readonly code: string,
    message: string,
    readonly facts: ApiErrorFacts = {},
  ) {
    super(message);
  }
}

/** 400 `validation_failed`, naming the fields at fault. */
export class ValidationError extends ApiError {
  constructor(
    fields: readonly FieldError[],
    message = 'the request is not valid',
    details: Readonly<Record<string, string | number>> = {},
  ) {
    super(400, 'validation_failed', message, { fields, details });
  }
}

/**
 * Status and v2 code of everything a checkout can fail for. A session that is over is a 409: QBitFlow knows one 410
 * only, `merchant_closed`, and answers `expire` with 409 where the session is in the wrong state for it.
 */
const ANSWERS: Readonly<Record<CheckoutProblem, readonly [status: number, code: string]>> = {
  unknown: [404, 'not_found'],
  already_sent: [409, 'tx_already_sent'],
  expired: [409, 'conflict'],
  not_possible: [409, 'conflict'],
  invalid_input: [400, 'validation_failed'],
};

/** Anything thrown while answering, as an answer; `undefined` for a defect of the sandbox. */
function meantAnswer(thrown: unknown): ApiError | undefined {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof CheckoutError) {
    const [status, code] = ANSWERS[thrown.problem];
    return new ApiError(status, code, thrown.message);
  }
  if (thrown instanceof CanonicalJsonError) return new ApiError(400, 'bad_request', thrown.message);
  if (isQBitFlowError(thrown))
    return thrown.code === 'invalid_reference'
      ? new ApiError(404, 'not_found', thrown.message)
      : new ApiError(409, 'conflict', thrown.message);
  return undefined;
}

/** Anything thrown while answering, as an answer. What was not meant to be one is logged and becomes a 500. */
export function toApiError(log: Log, thrown: unknown, code: LogCode): ApiError {
  const answer = meantAnswer(thrown);
  if (answer !== undefined) return answer;
  log(code, { err: thrown });
  return new ApiError(500, 'internal', 'the sandbox failed: its log says why');
}

/** Gives every failure v1's error body. */
export function renderErrorsV1(state: SandboxState): Middleware {
  return renderErrorsAs(state, errorBodyV1);
}

/** v1's words for a failure. Its clients show the field `error`, so the whole reason stands there. */
export function errorBodyV1({ status, message, facts: { fields = [] } }: ApiError): JsonObject {
  const problems = fields.map((problem) => `${problem.field} ${problem.message}`).join('; ');
  return { error: problems === '' ? message : `${message}: ${problems}`, status };
}

const REQUEST_ID = /^[A-Za-z0-9\-_.:]{1,128}$/;

/** Gives every answer an `X-Request-Id`, the client's own where it can be one, and every failure v2's error body. */
export function renderErrorsV2(state: SandboxState): Middleware {
  return async (context, next) => {
    const given = context.get('x-request-id');
    const requestId = REQUEST_ID.test(given) ? given : `req_${state.ids.uuid()}`;
    context.set('X-Request-Id', requestId);
    await renderErrorsAs(state, (failure) => errorBodyV2(failure, requestId))(context, next);
  };
}

function errorBodyV2({ message, code, facts }: ApiError, requestId: string): JsonObject {
  const { fields = [], details, retryAfterSeconds } = facts;
  const all = {
    ...(fields.length === 0 ? {} : { errors: fields }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...details,
  };
  const told = Object.keys(all).length === 0 ? undefined : all;
  return { error: message, code, details: told, requestId };
}

function renderErrorsAs(
  { log }: SandboxState,
  bodyOf: (failure: ApiError) => JsonObject,
): Middleware {
  return async (context, next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined)
        throw new ApiError(404, 'not_found', `no route ${context.method} ${context.path}`);
    } catch (thrown) {
      const failure = toApiError(log, thrown, 'api_request_failed');
      const { retryAfterSeconds } = failure.facts;
      context.status = failure.status;
      if (retryAfterSeconds !== undefined) context.set('Retry-After', String(retryAfterSeconds));
      context.body = bodyOf(failure);
    }
  };
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
