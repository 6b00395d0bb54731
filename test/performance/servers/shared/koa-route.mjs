// The route that people write by hand on Koa 2 or 3, without a router.
import getRawBody from 'raw-body';
import { isGenuine } from './verify-by-hand.mjs';

/** Reads the bytes, checks the signature, and answers what `accept` gives for a genuine body. */
export const koaRoute = (accept) => async (ctx) => {
  if (ctx.method !== 'POST' || ctx.path !== '/webhook') return;
  const body = await getRawBody(ctx.req, { length: ctx.get('content-length'), limit: '1mb' });
  if (!isGenuine(ctx.get('qbitflow-signature'), body)) {
    ctx.status = 401;
    ctx.body = { error: 'invalid signature' };
    return;
  }
  ctx.body = accept(body);
};
