import type { RequestListener } from 'node:http';
import {
  All,
  Catch,
  Controller,
  NotFoundException,
  Req,
  Res,
  type ArgumentsHost,
  type ExceptionFilter,
  type INestApplication,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { adapterSuite, type AppPlan, type Mounted } from '@qbitflow/conformance';
import type { QBitFlow } from '@qbitflow/core';
import { describe, test } from 'vitest';
import {
  cancelHandler,
  checkoutHandler,
  QBitFlowModule,
  statusHandler,
  successHandler,
  webhookHandler,
  type PlatformHandler,
  type PlatformRequest,
  type PlatformResponse,
} from '../src/index.js';
import { platforms, type AppOptions } from './support/platforms.js';

/** A controller that answers by a handler of the kit, with or without Nest's parsers. */
function controllerOf(path: string, handler: PlatformHandler) {
  @Controller()
  class Page {
    @All(path)
    answer(@Req() request: PlatformRequest, @Res() response: PlatformResponse): void {
      handler(request, response);
    }
  }
  return Page;
}

function handlerOf(qbitflow: QBitFlow, mounted: Exclude<Mounted, { what: 'router' }>) {
  switch (mounted.what) {
    case 'webhook':
      return webhookHandler(qbitflow);
    case 'success':
      return successHandler(qbitflow, mounted.options);
    case 'cancel':
      return cancelHandler(qbitflow, mounted.options);
    case 'status':
      return statusHandler(qbitflow, mounted.options);
    case 'checkout':
      break;
  }
  const { toParams } = mounted;
  // What is no function must reach the adapter as it is.
  const own = typeof toParams === 'function' ? asNest(toParams) : toParams;
  return checkoutHandler(qbitflow, own);
}

type ToParams = Extract<Mounted, { what: 'checkout' }>['toParams'];

function asNest(toParams: ToParams) {
  return (request: PlatformRequest) => toParams(String(Reflect.get(request, 'url')));
}

/** What of the kit is a module of the app's: all routes, or a page in a controller. */
function rootFor(qbitflow: QBitFlow, mounted: Mounted) {
  if (mounted.what === 'router') {
    const { path, options } = mounted;
    return { imports: [QBitFlowModule.forRoot({ qbitflow, path, ...options })] };
  }
  const page = handlerOf(qbitflow, mounted);
  return mounted.what === 'webhook' ? {} : { controllers: [controllerOf(mounted.path, page)] };
}

/** Everything that no route answers is 299, everything else that reaches Nest is the app's error. */
function listenTo(app: INestApplication, onAppError: AppPlan['onAppError']): void {
  const { httpAdapter } = app.get(HttpAdapterHost);
  @Catch()
  class Filter implements ExceptionFilter {
    catch(error: unknown, host: ArgumentsHost): void {
      const [request, response]: [object, object] = host.getArgs();
      const isMissing = error instanceof NotFoundException;
      if (!isMissing) onAppError(error);
      const url: unknown = Reflect.get(request, 'url');
      httpAdapter.reply(response, isMissing ? url : 'error', isMissing ? 299 : 500);
    }
  }
  app.useGlobalFilters(new Filter());
}

/** The module works beside Nest's own parser, as every app has it. */
function parsersOf({ mounted, parser }: AppPlan): AppOptions {
  if (mounted.what === 'router' || parser === 'json') return {};
  if (parser === 'json and bytes') return { rawBody: true };
  return { bodyParser: false, ...((parser === 'raw' || parser === 'text') && { reads: parser }) };
}

describe.each(platforms)('on %s', (_name, makeApp) => {
  async function createApp(plan: AppPlan): Promise<RequestListener> {
    const { qbitflow, mounted, proxies = 0 } = plan;
    const root = { module: class Root {}, ...rootFor(qbitflow, mounted) };
    const { app, listen } = await makeApp(root, { proxies, ...parsersOf(plan) });
    // In main.ts.
    if (mounted.what === 'webhook') app.use(mounted.path, webhookHandler(qbitflow));
    listenTo(app, plan.onAppError);
    return listen();
  }

  adapterSuite({ test, createApp, capabilities: { parsersLoseBytes: false } });
});
