// Koa 2 or 3: raw-body, HMAC, JSON.parse, 200.
import { createServer } from 'node:http';
import { framework as Koa } from '../shared/framework.mjs';
import { koaRoute } from '../shared/koa-route.mjs';
import { listen } from '../shared/listen.mjs';

function parse(body) {
  JSON.parse(body.toString('utf8'));
  return { received: true };
}

const app = new Koa();
app.use(koaRoute(parse));

listen(createServer(app.callback()));
