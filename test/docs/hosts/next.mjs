// What Next does with an app: it registers, and hands each route's methods a Request.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { load, port } from './load.mjs';

process.env.NEXT_RUNTIME = 'nodejs';
const { register } = await load('instrumentation.js');
const kit = await load('app/qbitflow/[...path]/route.js');
const buy = await load('app/buy/route.js');
await register();
const answer = (request) => {
  const route = new URL(request.url).pathname === '/buy' ? buy : kit;
  return route[request.method](request);
};
const listener = getRequestListener(answer);
createServer((request, response) => void listener(request, response)).listen(port, '127.0.0.1');
