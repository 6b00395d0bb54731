import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Router } from '@koa/router';
import { adapterSuite, type AppPlan, type BodyParser, type Mounted } from '@qbitflow/conformance';
import type { QBitFlow } from '@qbitflow/core';
import type { Middleware } from 'koa';
import compress from 'koa-compress';
import { describe, test } from 'vitest';
import {
  cancelHandler,
  checkoutHandler,
  qbitflowRouter,
  statusHandler,
  successHandler,
  webhookHandler,
} from '../src/index.js';
import { frameworks } from './support/frameworks.js';

/** What body parsers of Koa do: read all of it, and leave what they `found` on `ctx.request`. */
const reader =
  (found: (bytes: Buffer) => object): Middleware =>
  async (ctx, next) => {
    const chunks: Buffer[] = await ctx.req.toArray();
    const bytes = Buffer.concat(chunks);
    Object.assign(ctx.request, bytes.length > 0 ? found(bytes) : {});
    await next();
  };

const parsers: Readonly<Record<BodyParser, Middleware>> = {
  json: reader((bytes) => ({ body: JSON.parse(bytes.toString()) })),
  raw: reader((body) => ({ body })),
  text: reader((bytes) => ({ body: bytes.toString() })),
  // As koa-bodyparser and @koa/bodyparser do: what they keep is text.
  'json and bytes': reader((bytes) => ({
    body: JSON.parse(bytes.toString()),
    rawBody: bytes.toString(),
  })),
  'another type': async (_ctx, next) => {
    await next();
  },
};

function routesFor(qbitflow: QBitFlow, mounted: Mounted): ReturnType<Router['routes']> {
  const router = new Router();
  const { path } = mounted;
  switch (mounted.what) {
    case 'router': {
      const routes = qbitflowRouter(qbitflow, mounted.options).routes();
      if (mounted.nested === true)
        return router.use(path, new Router().use(routes).routes()).routes();
      return path === '' ? routes : router.use(path, routes).routes();
    }
    case 'webhook':
      return router.all(path, webhookHandler(qbitflow)).routes();
    case 'success':
      return router.all(path, successHandler(qbitflow, mounted.options)).routes();
    case 'cancel':
      return router.all(path, cancelHandler(qbitflow, mounted.options)).routes();
    case 'status':
      return router.all(path, statusHandler(qbitflow, mounted.options)).routes();
    case 'checkout':
      break;
  }
  const { toParams } = mounted;
  // What is no function must reach the adapter as it is.
  const own = typeof toParams === 'function' ? asKoa(toParams) : toParams;
  return router.all(path, checkoutHandler(qbitflow, own)).routes();
}

type ToParams = Extract<Mounted, { what: 'checkout' }>['toParams'];

function asKoa(toParams: ToParams): Parameters<typeof checkoutHandler>[1] {
  return ({ originalUrl }) => toParams(originalUrl);
}

describe.each(frameworks)('%s', (_name, Koa) => {
  function createApp({ qbitflow, mounted, parser, proxies = 0, onAppError }: AppPlan) {
    const app = new Koa();
    app.proxy = proxies > 0;
    app.maxIpsCount = proxies;
    app.on('error', onAppError);
    app.use(async (ctx, next) => {
      ctx.set('x-shop', 'yes');
      await next();
    });
    app.use(compress({ threshold: 0 }));
    if (parser !== undefined) app.use(parsers[parser]);
    app.use(routesFor(qbitflow, mounted));
    app.use((ctx) => {
      ctx.status = 299;
      ctx.body = ctx.originalUrl;
    });
    const handle = app.callback();
    return ((request: IncomingMessage, response: ServerResponse) => {
      void handle(request, response);
    }) satisfies RequestListener;
  }

  adapterSuite({ test, createApp });
});
