import type { Middleware } from 'koa';
import type { Machine } from '../../machine.js';
import type { JsonObject } from '../../wire/cast.js';
import { ApiError } from '../api-error.js';
import { isUnforeseen, toApiError } from '../to-api-error.js';

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
      const failure = toApiError(thrown);
      const { status, code, message, retryAfterSeconds } = failure;
      if (isUnforeseen(thrown)) settings.logger.error({ error: thrown }, 'an API request failed');
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
