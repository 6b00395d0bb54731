import type { RequestListener } from 'node:http';
import Koa, { type Middleware } from 'koa';
import { renderErrorsV1 } from './api/v1/render-error.js';
import { routerV1 } from './api/v1/router.js';
import { renderErrorsV2 } from './api/v2/render-error.js';
import { routerV2 } from './api/v2/router.js';
import { refuseStrangers } from './control/refuse-strangers.js';
import { renderErrors } from './control/render-error.js';
import { controlRouter } from './control/router.js';
import type { Machine } from './machine.js';
import { pagesRouter } from './pages/router.js';
import { makeTrouble } from './trouble/make-trouble.js';
import { noteRequests } from './trouble/note-requests.js';

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
