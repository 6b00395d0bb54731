import type { Middleware } from 'koa';
import type { Machine } from '../../machine.js';
import { ApiError } from '../api-error.js';
import { toApiError } from '../to-api-error.js';

/** Gives every answer an `X-Request-Id`, and every failure v2's error body. */
export function renderErrorsV2({ ids, settings }: Machine): Middleware {
  return async (context, next) => {
    const requestId = context.get('x-request-id') || `req_${ids.uuid()}`;
    context.set('X-Request-Id', requestId);
    try {
      await next();
      if (context.status === 404 && context.body === undefined)
        throw new ApiError(404, 'not_found', `no route ${context.method} ${context.path}`);
    } catch (thrown) {
      const { status, code, message, fields } = toApiError(thrown);
      if (status >= 500) settings.logger.error({ error: thrown }, 'an API request failed');
      const details = fields.length > 0 ? { details: { errors: fields } } : {};
      context.status = status;
      context.body = { error: message, code, ...details, requestId };
    }
  };
}
