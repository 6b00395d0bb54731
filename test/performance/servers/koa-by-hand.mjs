// Koa 3: raw-body, HMAC, JSON.parse, 200.
import Koa from 'koa';
import { createServer } from 'node:http';
import getRawBody from 'raw-body';
import { listen } from './shared/listen.mjs';
import { isGenuine } from './shared/verify-by-hand.mjs';

const app = new Koa();
app.use(async (ctx) => {
  if (ctx.method !== 'POST' || ctx.path !== '/webhook') return;
  const body = await getRawBody(ctx.req, { length: ctx.get('content-length'), limit: '1mb' });
  if (!isGenuine(ctx.get('qbitflow-signature'), body)) {
    ctx.status = 401;
    ctx.body = { error: 'invalid signature' };
    return;
  }
  JSON.parse(body.toString('utf8'));
  ctx.body = { received: true };
});

listen(createServer(app.callback()));
