import type { Endpoint } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { toRequest } from './to-request.js';

/** An endpoint as a Koa middleware, which answers for itself and never calls `next`. */
export function toHandler(endpoint: Endpoint): Middleware {
  return async (ctx) => {
    const { status, headers, body, stream } = await endpoint(toRequest(ctx));
    ctx.status = status;
    ctx.set(headers);
    ctx.body = stream ?? body;
  };
}
