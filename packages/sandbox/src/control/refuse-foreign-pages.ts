import type { Middleware } from 'koa';

/** Refuses what another site's page posts behind its visitor's back; programs and the sandbox's own pages pass. */
export const refuseForeignPages: Middleware = async (context, next) => {
  if (context.method !== 'GET' && context.get('sec-fetch-site') === 'cross-site') {
    context.status = 403;
    context.body = { error: 'another site may not drive the sandbox' };
    return;
  }
  await next();
};
