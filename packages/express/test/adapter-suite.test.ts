import { adapterSuite, type AppPlan, type BodyParser, type Mounted } from '@qbitflow/conformance';
import type { QBitFlow } from '@qbitflow/core';
import compression from 'compression';
import type { Express, ErrorRequestHandler, RequestHandler } from 'express';
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

describe.each(frameworks)('%s', (_name, express) => {
  const parsers: Readonly<Record<BodyParser, () => RequestHandler>> = {
    json: () => express.json(),
    raw: () => express.raw({ type: '*/*' }),
    text: () => express.text({ type: '*/*' }),
    'json and bytes': () =>
      express.json({
        verify: (request, _response, bytes) => {
          Object.assign(request, { rawBody: bytes });
        },
      }),
    'another type': () => express.json({ type: 'text/csv' }),
  };

  function mount(app: Express, qbitflow: QBitFlow, mounted: Mounted): unknown {
    const { path } = mounted;
    switch (mounted.what) {
      case 'router': {
        const routes = qbitflowRouter(qbitflow, mounted.options);
        if (mounted.nested === true) return app.use(path, express.Router().use(routes));
        return path === '' ? app.use(routes) : app.use(path, routes);
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
    const own = typeof toParams === 'function' ? asExpress(toParams) : toParams;
    return app.all(path, checkoutHandler(qbitflow, own));
  }

  function createApp({ qbitflow, mounted, parser, proxies = 0, onAppError }: AppPlan): Express {
    const app = express();
    app.set('trust proxy', proxies);
    app.use((_request, response, next) => {
      response.set('x-shop', 'yes');
      next();
    });
    app.use(compression({ threshold: 0 }));
    if (parser !== undefined) app.use(parsers[parser]());
    mount(app, qbitflow, mounted);
    app.use((request, response) => {
      response.status(299).send(request.originalUrl);
    });
    const onError: ErrorRequestHandler = (error, _request, response, _next) => {
      onAppError(error);
      response.sendStatus(500);
    };
    return app.use(onError);
  }

  adapterSuite({ test, createApp });
});

type ToParams = Extract<Mounted, { what: 'checkout' }>['toParams'];

function asExpress(toParams: ToParams): Parameters<typeof checkoutHandler>[1] {
  return ({ originalUrl }) => toParams(originalUrl);
}
