import type { Middleware } from 'koa';
import type { Machine } from '../machine.js';

/** Notes what the API is asked, before anything is known of the answer. */
export function noteRequests({ requests, settings }: Machine): Middleware {
  return async (context, next) => {
    const { method, originalUrl: path } = context;
    requests.add({ method, path, at: settings.clock.now() });
    return next();
  };
}
