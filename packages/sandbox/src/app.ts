import type { RequestListener } from 'node:http';
import Koa, { type Middleware } from 'koa';
import { holdKeys } from './api/create-once.js';
import { renderErrors, renderErrorsV1, renderErrorsV2 } from './api/error-answers.js';
import { routerV1 } from './api/routes-v1.js';
import { routerV2 } from './api/routes-v2.js';
import { rejectForeignRequests } from './boundary.js';
import { controlRouter } from './control-routes.js';
import { injectApiFault } from './faults/api-fault.js';
import { pagesRouter } from './pages/page-routes.js';
import type { SandboxState } from './state/sandbox-state.js';

/** All of the sandbox's routes as one request listener. */
export function createApp(state: SandboxState): RequestListener {
  const app = new Koa();
  app.on('error', (err: unknown) => {
    state.log('response_failed', { err });
  });
  app.use(renderErrors(state));
  app.use(under('/v1/', renderErrorsV1(state)));
  app.use(under('/v2/', renderErrorsV2(state)));
  app.use(rejectForeignRequests(state.settings));
  app.use(under('/v1/', recordRequests(state)));
  app.use(under('/v2/', recordRequests(state)));
  app.use(under('/v2/', holdKeys(state)));
  app.use(under('/v1/', injectApiFault(state)));
  app.use(under('/v2/', injectApiFault(state)));
  app.use(routerV1(state).routes());
  app.use(routerV2(state).routes());
  app.use(controlRouter(state).routes());
  app.use(pagesRouter(state).routes());
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

/** Records what the API is asked, before anything is known of the answer. */
function recordRequests({ requests, settings }: SandboxState): Middleware {
  return async (context, next) => {
    const { method, originalUrl: path } = context;
    requests.add({ method, path, at: settings.clock.now() });
    return next();
  };
}
