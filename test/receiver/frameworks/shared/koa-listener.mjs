import { bodyParser as scopedBodyParser } from '@koa/bodyparser';
import { Router } from '@koa/router';
import { qbitflowRouter } from '@qbitflow/koa';
import { koaBody } from 'koa-body';
import bodyParser from 'koa-bodyparser';
import { readBytes } from './read-bytes.mjs';

const PARSERS = {
  json: () => bodyParser(),
  raw: () => keepBytes,
  'koa-bodyparser': () => bodyParser(),
  '@koa/bodyparser': () => scopedBodyParser(),
  'koa-body': () => koaBody(),
};

/** A Koa app as a merchant would write it; `app` is one of either version. */
export function koaListener(app, qbitflow, { parser, mount, shop, routes }) {
  // oxlint-disable-next-line no-async-endpoint-handlers -- that is Express's trouble, not Koa's
  if (shop) app.use(showErrorPage);
  if (Object.hasOwn(PARSERS, parser)) app.use(PARSERS[parser]());
  const kit = qbitflowRouter(qbitflow, routes).routes();
  app.use(mount === '' ? kit : new Router().use(mount, kit).routes());
  if (shop) app.use(shopRouter().routes());
  return app.callback();
}

async function keepBytes(ctx, next) {
  ctx.request.rawBody = await readBytes(ctx.req);
  await next();
}

function shopRouter() {
  return new Router()
    .get('/own', (ctx) => {
      ctx.body = 'a page of the shop';
    })
    .get('/broken', () => {
      throw new Error('a route of the shop is broken');
    });
}

async function showErrorPage(ctx, next) {
  try {
    await next();
  } catch {
    ctx.status = 500;
    ctx.body = 'the error page of the shop';
  }
}
