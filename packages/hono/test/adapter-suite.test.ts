import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { adapterSuite, type AppPlan, type BodyParser, type Mounted } from '@qbitflow/conformance';
import type { QBitFlow } from '@qbitflow/core';
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { inject, test } from 'vitest';
import {
  cancelHandler,
  checkoutHandler,
  qbitflowRouter,
  statusHandler,
  successHandler,
  webhookHandler,
} from '../src/index.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests run beside where it is not the newest: vitest.config.ts says it. */
    readonly frameworkVersion?: string;
  }
}

const isEarly = inject('frameworkVersion') === '4.0';

/** What validators and the like do: read the body in one of Hono's ways before the handler. */
const parsers: Readonly<Partial<Record<BodyParser, MiddlewareHandler>>> = {
  raw: async (c, next) => {
    await c.req.arrayBuffer();
    await next();
  },
  text: async (c, next) => {
    await c.req.text();
    await next();
  },
  json: async (c, next) => {
    await c.req.json();
    await next();
  },
  'json and bytes': async (c, next) => {
    JSON.parse(await c.req.text());
    await next();
  },
  'another type': async (_c, next) => {
    await next();
  },
};

function mount(app: Hono, qbitflow: QBitFlow, mounted: Mounted): unknown {
  const { path } = mounted;
  switch (mounted.what) {
    case 'router': {
      const routes = qbitflowRouter(qbitflow, mounted.options);
      if (mounted.nested === true) return app.route(path, new Hono().route('/', routes));
      return app.route(path === '' ? '/' : path, routes);
    }
    case 'webhook':
      return app.all(path, webhookHandler(qbitflow));
    case 'success':
      return app.all(path, successHandler(qbitflow, mounted.options));
    case 'cancel':
      return app.all(path, cancelHandler(qbitflow, mounted.options));
    case 'status':
      return app.all(path, statusHandler(qbitflow, mounted.options));
    case 'checkout':
      break;
  }
  const { toParams } = mounted;
  // What is no function must reach the adapter as it is.
  const own = typeof toParams === 'function' ? asHono(toParams) : toParams;
  return app.all(path, checkoutHandler(qbitflow, own));
}

type ToParams = Extract<Mounted, { what: 'checkout' }>['toParams'];

function asHono(toParams: ToParams): Parameters<typeof checkoutHandler>[1] {
  return (c) => toParams(c.req.url);
}

function createApp({ qbitflow, mounted, parser, onAppError }: AppPlan): RequestListener {
  const app = new Hono();
  app.onError((error, c) => {
    onAppError(error);
    return c.text('error', 500);
  });
  app.use('*', async (c, next) => {
    c.header('x-shop', 'yes');
    await next();
  });
  // Early versions compress streams of events too, whatever their headers ask for.
  if (!isEarly) app.use('*', compress({ threshold: 0 }));
  const middleware = parser === undefined ? undefined : parsers[parser];
  if (middleware !== undefined) app.use('*', middleware);
  mount(app, qbitflow, mounted);
  app.all('*', (c) => {
    const { pathname, search } = new URL(c.req.url);
    return new Response(c.req.method === 'HEAD' ? null : pathname + search, { status: 299 });
  });
  const listen = getRequestListener(app.fetch);
  return (request, response) => void listen(request, response);
}

adapterSuite({
  test,
  createApp,
  capabilities: {
    // Early versions keep only the value.
    parsersLoseBytes: isEarly,
    ignoresCase: false,
    readsAnyScheme: false,
    trustsProxies: false,
  },
});
