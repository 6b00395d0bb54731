import { STATUS_CODES } from 'node:http';
import type { Middleware } from 'koa';
import type { Machine } from '../../machine.js';
import { ApiError } from '../api-error.js';
import { toApiError } from '../to-api-error.js';

/** Gives every failure v1's error body. */
export function renderErrorsV1({ settings }: Machine): Middleware {
  return async (context, next) => {
    try {
      await next();
      if (context.status === 404 && context.body === undefined)
        throw new ApiError(404, 'not_found', `no route ${context.method} ${context.path}`);
    } catch (thrown) {
      const { status, message, fields } = toApiError(thrown);
      if (status >= 500) settings.logger.error({ error: thrown }, 'an API request failed');
      const problems = fields.map((problem) => `${problem.field} ${problem.message}`);
      context.status = status;
      context.body = {
        error: STATUS_CODES[status] ?? 'Error',
        message: [message, ...problems].join('; '),
        status,
      };
    }
  };
}
