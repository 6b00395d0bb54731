// What Next does with an app: builds it without secrets, registers, and hands each route's methods a Request.
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { load, port } from './load.mjs';

const [kit, buy] = await build('app/qbitflow/[...path]/route.js', 'app/buy/route.js');
process.env.NEXT_RUNTIME = 'nodejs';
const { register } = await load('instrumentation.js');
await register();
await isOneForAllBundles('lib/qbitflow.mjs');
const answer = (request) => {
  const route = new URL(request.url).pathname === '/buy' ? buy : kit;
  return route[request.method](request);
};
const listener = getRequestListener(answer);
createServer((request, response) => void listener(request, response)).listen(port, '127.0.0.1');

/** `next build` loads every route. New apps have `cacheComponents`, with which a route's settings end the build. */
async function build(...files) {
  const environment = { ...process.env };
  for (const name of Object.keys(environment))
    if (/^(?:QBITFLOW|DATABASE)_/.test(name)) delete process.env[name];
  const routes = [];
  for (const file of files) routes.push(await load(file));
  Object.assign(process.env, environment);
  const methods = ['GET', 'POST'];
  const settings = routes.flatMap(Object.keys).filter((name) => !methods.includes(name));
  if (settings.length > 0)
    throw new Error(`not compatible with cacheComponents: ${settings.join()}`);
  return routes;
}

/** Each of Next's bundles has its own copy of a module. */
async function isOneForAllBundles(file) {
  const first = await load(file);
  const second = await load(`${file}?bundle=2`);
  if (first === second || first.qbitflow() !== second.qbitflow())
    throw new Error('each bundle opens a kit of its own');
}
