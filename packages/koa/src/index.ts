/**
 * The kit in Koa 2 and 3.
 * @module @qbitflow/koa
 */

// oxlint-disable-next-line import/no-named-as-default -- majors before 15 have no export of that name
import Router from '@koa/router';
import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import {
  cancelEndpoint,
  checkoutEndpoint,
  deskEndpoint,
  metricsEndpoint,
  routesOf,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type DeskOptions,
  type Endpoint,
  type HttpRequest,
  type MetricsOptions,
  type ReturnPageOptions,
  type RouteOptions,
  type StatusOptions,
} from '@qbitflow/core/adapter';
import type { Context, Middleware } from 'koa';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`. Other paths go on to the app.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { qbitflowRouter } from '@qbitflow/koa';
 * import Koa from 'koa';
 *
 * const router = new Router();
 * router.use('/qbitflow', qbitflowRouter(createQBitFlow()).routes()); // /webhook, /success, /cancel, /status/:uuid
 * new Koa().use(router.routes());
 * ```
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
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { webhookHandler } from '@qbitflow/koa';
 *
 * new Router().all('/qbitflow/webhook', webhookHandler(createQBitFlow()));
 * ```
 */
export function webhookHandler(qbitflow: QBitFlow): Middleware {
  return toHandler(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { successHandler } from '@qbitflow/koa';
 *
 * const texts = { paid: { title: 'Thank you!', lines: ['We pack it today.'] } };
 * new Router().get('/thanks', successHandler(createQBitFlow(), { texts }));
 * ```
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Middleware {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { cancelHandler } from '@qbitflow/koa';
 *
 * new Router().get('/cancelled', cancelHandler(createQBitFlow()));
 * ```
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Middleware {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { statusHandler } from '@qbitflow/koa';
 *
 * new Router().get('/status/:uuid', statusHandler(createQBitFlow()));
 * ```
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): Middleware {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Shows operators what is in the inbox and why, and lets them replay and discard. It is one path that answers GET and POST;
 * without `authorize` it answers to this machine alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { deliveriesDesk } from '@qbitflow/koa';
 *
 * const qbitflow = createQBitFlow();
 * // The name goes into the log of what was done. This header is the one that the proxy in front sets for who signed in.
 * new Router().all('/desk', deliveriesDesk(qbitflow, { authorize: ({ headers }) => headers['x-operator']?.toString() }));
 * ```
 */
export function deliveriesDesk(qbitflow: QBitFlow, options?: DeskOptions): Middleware {
  return toHandler(deskEndpoint(qbitflow, options));
}

/**
 * Serves counts and handler times in Prometheus' text format, without payloads. Without `authorize` it answers to direct
 * requests from loopback and private networks alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { metricsHandler } from '@qbitflow/koa';
 *
 * new Router().get('/metrics', metricsHandler(createQBitFlow()));
 * ```
 */
export function metricsHandler(qbitflow: QBitFlow, options?: MetricsOptions): Middleware {
  return toHandler(metricsEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example
 * ```js
 * import Router from '@koa/router';
 * import { createQBitFlow } from '@qbitflow/core';
 * import { checkoutHandler } from '@qbitflow/koa';
 *
 * const orders = new Map([['1001', { title: 'Tea', total: 4.5 }]]);
 * new Router().post(
 *   '/orders/:id/pay',
 *   checkoutHandler(createQBitFlow(), (ctx) => {
 *     const order = orders.get(ctx.params.id);
 *     return order && { reference: ctx.params.id, productName: order.title, price: order.total };
 *   }),
 * );
 * ```
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
    const { status, headers, body, stream } = await endpoint(new KoaRequest(ctx));
    ctx.status = status;
    for (const name in headers) {
      // Koa sets the length with the body.
      if (name !== 'content-length') ctx.set(name, headers[name] ?? '');
    }
    if (stream !== undefined) expectLeaving(ctx);
    // Koa writes it after the middleware that awaits us: sessions and headers of theirs still get in.
    ctx.body = stream ?? body;
  };
}

/** A Koa context as core sees it. Body parsers leave their findings on `ctx.request`. */
class KoaRequest implements HttpRequest {
  readonly method: string;
  readonly headers: HttpRequest['headers'];
  readonly stream: HttpRequest['stream'];
  readonly #ctx: Context;

  constructor(ctx: Context) {
    const { req } = ctx;
    this.method = req.method ?? '';
    this.headers = req.headers;
    this.stream = req;
    this.#ctx = ctx;
  }

  // Told when asked: few deliveries need them, and Koa works some of them out anew each time.

  get url(): string {
    return this.#ctx.originalUrl;
  }

  get body(): unknown {
    return Reflect.get(this.#ctx.request, 'body');
  }

  get rawBody(): unknown {
    return Reflect.get(this.#ctx.request, 'rawBody');
  }

  get client(): string | undefined {
    return this.#ctx.ip;
  }
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
