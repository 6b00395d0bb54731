// A shop in a process that is traced from its start: `node shop.cjs express|express4|koa|koa2 opentelemetry|sentry`.
const [framework, tracer] = process.argv.slice(2);
const { traced, setUp = {} } = require(`./${tracer}.cjs`);
const { createServer } = require('node:http');
const { createQBitFlow } = require('@qbitflow/core');

const TEA = { productName: 'Tea', price: 4.5 };

function expressApp(qbitflow) {
  const { checkoutHandler, qbitflowRouter } = require('@qbitflow/express');
  const app = require(framework)();
  app.use('/qbitflow', qbitflowRouter(qbitflow));
  app.get('/ticket', (_request, response) => response.json({}));
  app.get('/traced', (_request, response) => response.json(traced()));
  app.post(
    '/buy',
    checkoutHandler(qbitflow, () => TEA),
  );
  setUp.express?.(app);
  return app;
}

function koaApp(qbitflow) {
  const { Router } = require('@koa/router');
  const { checkoutHandler, qbitflowRouter } = require('@qbitflow/koa');
  const app = new (require(framework))();
  setUp.koa?.(app);
  const router = new Router();
  router.use('/qbitflow', qbitflowRouter(qbitflow).routes());
  router.get('/ticket', (ctx) => (ctx.body = {}));
  router.get('/traced', (ctx) => (ctx.body = traced()));
  router.post(
    '/buy',
    checkoutHandler(qbitflow, () => TEA),
  );
  return app.use(router.routes()).callback();
}

const server = createServer().listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const qbitflow = createQBitFlow({ publicUrl: `${url}/qbitflow`, logger: false });
  server.on('request', framework.startsWith('koa') ? koaApp(qbitflow) : expressApp(qbitflow));
  process.stdout.write(`listening ${url}\n`);
});
