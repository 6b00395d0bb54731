// The kit mounted as a route of a Koa 3 app, without a router, like the route written by hand.
import { webhookHandler } from '@qbitflow/koa';
import Koa from 'koa';
import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
import { handledCount, qbitflow } from './shared/ours.mjs';

const webhook = webhookHandler(qbitflow);
const app = new Koa();
app.use((ctx, next) => (ctx.path === '/webhook' ? webhook(ctx, next) : next()));

listen(createServer(app.callback()), handledCount);
