import { STATUS_CODES } from 'node:http';
import type { Middleware } from 'koa';
import type { Machine } from '../../machine.js';
import type { JsonObject } from '../../wire/cast.js';
import { ApiError } from '../api-error.js';
import { isUnforeseen, toApiError } from '../to-api-error.js';

/** Gives every failure v1's error body. */
export function renderErrorsV1({ settings }: Machine): Middleware {
  return async (context, next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined)
        throw new ApiError(404, 'not_found', `no route ${context.method} ${context.path}`);
    } catch (thrown) {
      const failure = toApiError(thrown);
      const { status, retryAfterSeconds } = failure;
      if (isUnforeseen(thrown)) settings.logger.error({ error: thrown }, 'an API request failed');
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
