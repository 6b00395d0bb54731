import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import {
  answerNodeRequest,
  cancelEndpoint,
  checkoutEndpoint,
  findRoute,
  pathOf,
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
import type { Request, RequestHandler } from 'express';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`. Other paths go on to the app.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example app.use('/qbitflow', qbitflowRouter(qbitflow));
 */
export function qbitflowRouter(qbitflow: QBitFlow, options?: RouteOptions): RequestHandler {
  const routes = routesOf(qbitflow, options);
  return (request, response, next) => {
    const endpoint = findRoute(routes, '', pathOf(request.url), {
      caseSensitive: request.app?.enabled?.('case sensitive routing'),
    });
    if (endpoint === undefined) next();
    else answerNodeRequest(endpoint, toRequest(request), response);
  };
}

/**
 * Takes in deliveries. Mount it before `express.json()`.
 * @throws {QBitFlowError} `misconfigured` without a kit.
 * @example app.all('/webhook', webhookHandler(qbitflow));
 */
export function webhookHandler(qbitflow: QBitFlow): RequestHandler {
  return toHandler(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example app.get('/success', successHandler(qbitflow));
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RequestHandler {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example app.get('/cancel', cancelHandler(qbitflow));
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RequestHandler {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example app.get('/status/:uuid', statusHandler(qbitflow));
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): RequestHandler {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example app.post('/buy', checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 })));
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
    answerNodeRequest(endpoint, toRequest(request), response);
  };
}

/** An Express request as core sees it. */
function toRequest(request: Request): HttpRequest {
  const { method, headers } = request;
  // Handlers also stand in hosts that have no `originalUrl`: restify, connect, Next.js' API routes.
  const url = request.originalUrl ?? request.url;
  const client = request.ip ?? request.socket?.remoteAddress;
  const body: unknown = request.body;
  const rawBody: unknown = Reflect.get(request, 'rawBody');
  return { method, url, headers, client, stream: request, body, rawBody };
}
