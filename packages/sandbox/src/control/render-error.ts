import type { Middleware } from 'koa';
import { isUnforeseen, toApiError } from '../api/to-api-error.js';
import type { Machine } from '../machine.js';

/** Failures of `/sandbox` and of the pages, as JSON. */
export function renderErrors({ settings }: Machine): Middleware {
  return async (context, next) => {
    try {
      await next();
    } catch (thrown) {
      const { status, message } = toApiError(thrown);
      if (isUnforeseen(thrown))
        settings.logger.error({ error: thrown }, 'a sandbox request failed');
      context.status = status;
      context.body = { error: message };
    }
  };
}
