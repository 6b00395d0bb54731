import { answerNodeRequest, type Endpoint } from '@qbitflow/core';
import type { Middleware } from 'koa';
import { toRequest } from './to-request.js';

/** An endpoint as a Koa middleware, which answers for itself and never calls `next`. */
export function toHandler(endpoint: Endpoint): Middleware {
  return async (ctx) => {
    const request = toRequest(ctx);
    const answer = await endpoint(request);
    ctx.status = answer.status;
    if (answer.stream === undefined) {
      ctx.set(answer.headers);
      ctx.body = answer.body;
      return;
    }
    // Koa reports every viewer who leaves before a stream's end as an error of the app: node writes it instead.
    ctx.respond = false;
    answerNodeRequest(async () => answer, request, ctx.res);
  };
}
