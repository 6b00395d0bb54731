// oxlint-disable-next-line import/no-named-as-default -- majors before 15 have no export of that name
import Router from '@koa/router';
import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import {
  cancelEndpoint,
  checkoutEndpoint,
  routesOf,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type Endpoint,
  type HttpRequest,
  type ReturnPageOptions,
  type RouteOptions,
  type StatusOptions,
} from '@qbitflow/core/adapter';
import type { Context, Middleware } from 'koa';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`. Other paths go on to the app.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example app.use(new Router().use('/qbitflow', qbitflowRouter(qbitflow).routes()).routes());
 */
export function qbitflowRouter(qbitflow: QBitFlow, options?: RouteOptions): Router {
  const router = new Router();
  for (const { path, endpoint } of routesOf(qbitflow, options))
    router.all(path, toHandler(endpoint));
  return router;
}

/**
 * Takes in deliveries. Mount it before any body parser.
 * @throws {QBitFlowError} `misconfigured` without a kit.
 * @example router.all('/webhook', webhookHandler(qbitflow));
 */
export function webhookHandler(qbitflow: QBitFlow): Middleware {
  return toHandler(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example router.get('/success', successHandler(qbitflow));
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Middleware {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example router.get('/cancel', cancelHandler(qbitflow));
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Middleware {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example router.get('/status/:uuid', statusHandler(qbitflow));
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): Middleware {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example router.post('/buy', checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 })));
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (ctx: Context) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): Middleware {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return async (ctx, next) => {
    await toHandler(endpointFor(ctx))(ctx, next);
  };
}

/** An endpoint as a Koa middleware, which answers for itself and never calls `next`. */
function toHandler(endpoint: Endpoint): Middleware {
  return async (ctx) => {
    const { status, headers, body, stream } = await endpoint(toRequest(ctx));
    ctx.status = status;
    ctx.set(headers);
    if (stream !== undefined) expectLeaving(ctx);
    // Koa writes it after the middleware that awaits us: sessions and headers of theirs still get in.
    ctx.body = stream ?? body;
  };
}

/** A Koa context as core sees it. Body parsers leave their findings on `ctx.request`. */
function toRequest({
  method,
  originalUrl: url,
  headers,
  ip: client,
  req,
  request,
}: Context): HttpRequest {
  const body: unknown = Reflect.get(request, 'body');
  const rawBody: unknown = Reflect.get(request, 'rawBody');
  return { method, url, headers, client, stream: req, body, rawBody };
}

/** What a connection that is cut in the middle of an answer ends with. */
const CUT: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

/** Viewers leave before a stream's end, as a rule; Koa reports each of them to the app as an error. */
function expectLeaving(ctx: Context): void {
  const report = ctx.onerror.bind(ctx);
  Object.assign(ctx, {
    onerror(error: Error) {
      const isCut = ctx.headerSent && CUT.has(Reflect.get(Object(error), 'code'));
      if (!isCut) report(error);
    },
  });
}
