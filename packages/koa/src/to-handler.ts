import type { Endpoint } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { toRequest } from './to-request.js';

/** An endpoint as a Koa middleware, which answers for itself and never calls `next`. */
export function toHandler(endpoint: Endpoint): Middleware {
  return async (ctx) => {
    const { status, headers, body, stream } = await endpoint(toRequest(ctx));
    ctx.status = status;
    ctx.set(headers);
    if (stream !== undefined) expectLeaving(ctx);
    // Koa writes it after the middleware that awaits us: sessions and headers of theirs still get in.
    ctx.body = stream ?? body;
  };
}

/** What a connection that is cut in the middle of an answer ends with. */
const CUT: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

/** Viewers leave before a stream's end, as a rule; Koa reports each of them to the app as an error. */
function expectLeaving(ctx: Context): void {
  const report = ctx.onerror.bind(ctx);
  Object.assign(ctx, {
    onerror(error: Error) {
      const isCut = ctx.headerSent && CUT.has(Reflect.get(Object(error), 'code'));
      if (!isCut) report(error);
    },
  });
}
