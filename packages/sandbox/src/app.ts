import type { RequestListener } from 'node:http';
import Koa, { type Middleware } from 'koa';
import { renderErrors, renderErrorsV1, renderErrorsV2 } from './api/error-answers.js';
import { routerV1 } from './api/routes-v1.js';
import { routerV2 } from './api/routes-v2.js';
import { refuseStrangers } from './boundary.js';
import { controlRouter } from './control-routes.js';
import { makeTrouble } from './faults/api-fault.js';
import { pagesRouter } from './pages/page-routes.js';
import type { Machine } from './state/sandbox-state.js';

/** All of the sandbox's routes as one request listener. */
export function createApp(machine: Machine): RequestListener {
  const app = new Koa();
  app.on('error', (error: unknown) => {
    machine.settings.logger.error({ error }, 'the sandbox failed to answer');
  });
  app.use(refuseStrangers(machine));
  app.use(renderErrors(machine));
  app.use(under('/v1/', noteRequests(machine)));
  app.use(under('/v2/', noteRequests(machine)));
  app.use(under('/v1/', renderErrorsV1(machine)));
  app.use(under('/v2/', renderErrorsV2(machine)));
  app.use(under('/v1/', makeTrouble(machine)));
  app.use(under('/v2/', makeTrouble(machine)));
  app.use(routerV1(machine).routes());
  app.use(routerV2(machine).routes());
  app.use(controlRouter(machine).routes());
  app.use(pagesRouter(machine).routes());
  const answer = app.callback();
  return (request, response) => {
    // Koa answers its own failures; the promise it returns never rejects.
    void answer(request, response);
  };
}

function under(prefix: string, middleware: Middleware): Middleware {
  return async (context, next) =>
    context.path.startsWith(prefix) ? middleware(context, next) : next();
}

/** Notes what the API is asked, before anything is known of the answer. */
export function noteRequests({ requests, settings }: Machine): Middleware {
  return async (context, next) => {
    const { method, originalUrl: path } = context;
    requests.add({ method, path, at: settings.clock.now() });
    return next();
  };
}
