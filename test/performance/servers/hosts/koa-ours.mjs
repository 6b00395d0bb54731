// The kit mounted as a route of a Koa 2 or 3 app, without a router, like the route written by hand.
import { webhookHandler } from '@qbitflow/koa';
import { createServer } from 'node:http';
import { framework as Koa } from '../shared/framework.mjs';
import { listen } from '../shared/listen.mjs';
import { handledCount, qbitflow } from '../shared/ours-in-memory.mjs';

const webhook = webhookHandler(qbitflow);
const app = new Koa();
app.use((ctx, next) => (ctx.path === '/webhook' ? webhook(ctx, next) : next()));

listen(createServer(app.callback()), handledCount);
