/**
 * The kit in Express 4 and 5.
 * @module @qbitflow/express
 */

import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import {
  answerNodeRequest,
  cancelEndpoint,
  checkoutEndpoint,
  deskEndpoint,
  findRoute,
  pathOf,
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
import type { Request, RequestHandler } from 'express';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`. Other paths go on to the app.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { qbitflowRouter } from '@qbitflow/express';
 * import express from 'express';
 *
 * const qbitflow = createQBitFlow();
 * express().use('/qbitflow', qbitflowRouter(qbitflow)); // /webhook, /success, /cancel, /status/:uuid
 * ```
 */
export function qbitflowRouter(qbitflow: QBitFlow, options?: RouteOptions): RequestHandler {
  const routes = routesOf(qbitflow, options);
  return (request, response, next) => {
    const endpoint = findRoute(routes, '', pathOf(request.url), {
      caseSensitive: request.app?.enabled?.('case sensitive routing'),
    });
    if (endpoint === undefined) next();
    else answerNodeRequest(endpoint, new ExpressRequest(request), response);
  };
}

/**
 * Takes in deliveries. Mount it before `express.json()`.
 * @throws {QBitFlowError} `misconfigured` without a kit.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { webhookHandler } from '@qbitflow/express';
 * import express from 'express';
 *
 * const app = express();
 * app.all('/qbitflow/webhook', webhookHandler(createQBitFlow())); // before express.json()
 * app.use(express.json());
 * ```
 */
export function webhookHandler(qbitflow: QBitFlow): RequestHandler {
  return toHandler(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { successHandler } from '@qbitflow/express';
 * import express from 'express';
 *
 * const qbitflow = createQBitFlow();
 * const texts = { paid: { title: 'Thank you!', lines: ['We pack it today.'] } };
 * express().get('/thanks', successHandler(qbitflow, { texts }));
 * ```
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RequestHandler {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { cancelHandler } from '@qbitflow/express';
 * import express from 'express';
 *
 * express().get('/cancelled', cancelHandler(createQBitFlow()));
 * ```
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RequestHandler {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { statusHandler } from '@qbitflow/express';
 * import express from 'express';
 *
 * express().get('/status/:uuid', statusHandler(createQBitFlow()));
 * ```
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): RequestHandler {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Shows operators what is in the inbox and why, and lets them replay and discard. It is one path that answers GET and POST;
 * without `authorize` it answers to this machine alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { deliveriesDesk } from '@qbitflow/express';
 * import express from 'express';
 *
 * const qbitflow = createQBitFlow();
 * // The name goes into the log of what was done. This header is the one that the proxy in front sets for who signed in.
 * express().use('/desk', deliveriesDesk(qbitflow, { authorize: ({ headers }) => headers['x-operator']?.toString() }));
 * ```
 */
export function deliveriesDesk(qbitflow: QBitFlow, options?: DeskOptions): RequestHandler {
  return toHandler(deskEndpoint(qbitflow, options));
}

/**
 * Serves counts and handler times in Prometheus' text format, without payloads. Without `authorize` it answers to direct
 * requests from loopback and private networks alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { metricsHandler } from '@qbitflow/express';
 * import express from 'express';
 *
 * express().get('/metrics', metricsHandler(createQBitFlow()));
 * ```
 */
export function metricsHandler(qbitflow: QBitFlow, options?: MetricsOptions): RequestHandler {
  return toHandler(metricsEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { checkoutHandler } from '@qbitflow/express';
 * import express from 'express';
 *
 * const orders = new Map([['1001', { title: 'Tea', total: 4.5 }]]);
 * express().post(
 *   '/orders/:id/pay',
 *   checkoutHandler(createQBitFlow(), (request) => {
 *     const id = String(request.params.id);
 *     const order = orders.get(id);
 *     return order && { reference: id, productName: order.title, price: order.total };
 *   }),
 * );
 * ```
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (request: Request) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): RequestHandler {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return (request, response, next) => {
    toHandler(endpointFor(request))(request, response, next);
  };
}

/** An endpoint as an Express handler, which answers for itself and never calls `next`. */
function toHandler(endpoint: Endpoint): RequestHandler {
  // With three parameters koa-connect, for one, waits until it is answered.
  return (request, response, _next) => {
    answerNodeRequest(endpoint, new ExpressRequest(request), response);
  };
}

/** An Express request as core sees it. */
class ExpressRequest implements HttpRequest {
  readonly method: string;
  readonly headers: HttpRequest['headers'];

  constructor(readonly stream: Request) {
    this.method = stream.method;
    this.headers = stream.headers;
  }

  // Told when asked: few deliveries need them, and each look at an Express request costs half a microsecond on Node 20.

  /** Handlers also stand in hosts that have no `originalUrl`: restify, connect, Next.js' API routes. */
  get url(): string {
    return this.stream.originalUrl ?? this.stream.url;
  }

  get body(): unknown {
    return this.stream.body;
  }

  get rawBody(): unknown {
    return Reflect.get(this.stream, 'rawBody');
  }

  get client(): string | undefined {
    return this.stream.ip ?? this.stream.socket?.remoteAddress;
  }
}
