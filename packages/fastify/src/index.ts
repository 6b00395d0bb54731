/**
 * The kit in Fastify 4 and 5.
 * @module @qbitflow/fastify
 */

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
import type {
  FastifyInstance,
  FastifyPluginAsync,
  FastifyReply,
  FastifyRequest,
  RouteHandlerMethod,
  RouteShorthandOptionsWithHandler,
} from 'fastify';

/** What `qbitflowPlugin` is registered with, beside Fastify's own `prefix`. */
export interface QBitFlowPluginOptions extends RouteOptions {
  readonly qbitflow: QBitFlow;
}

/** What Fastify itself reads of a plugin's options. */
const FASTIFYS_OWN: ReadonlySet<string> = new Set([
  'prefix',
  'logLevel',
  'logSerializers',
  'encapsulate',
]);

/**
 * Every route of the kit below the `prefix` it is registered with: `/webhook`, `/success`, `/cancel`, `/status/:uuid`.
 * The webhook is answered before any body parser, validation and `preHandler`; the app's own parsers stay as they are.
 * @throws {QBitFlowError} `misconfigured`, when the app gets ready, without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { qbitflowPlugin } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * const qbitflow = createQBitFlow();
 * const app = Fastify();
 * app.register(qbitflowPlugin, { prefix: '/qbitflow', qbitflow });
 * await app.ready(); // /qbitflow/webhook, /qbitflow/success, /qbitflow/cancel, /qbitflow/status/:uuid
 * ```
 */
export const qbitflowPlugin: FastifyPluginAsync<QBitFlowPluginOptions> = async (
  app,
  { qbitflow, ...given },
) => {
  const options = Object.entries(given).filter(([name]) => !FASTIFYS_OWN.has(name));
  for (const { path, endpoint } of routesOf(qbitflow, Object.fromEntries(options))) {
    const route = path === '/webhook' ? beforeParsers(endpoint) : { handler: toHandler(endpoint) };
    // As the root below a prefix Fastify answers it with and without a slash at its end.
    await app.register(async (scope) => mount(scope, route), { prefix: path });
  }
};

/** Mounts one route in a scope of its own, in which bodies stay as they come: forms too, which Fastify itself refuses. */
function mount(scope: FastifyInstance, route: RouteShorthandOptionsWithHandler): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => {
    done(null);
  });
  scope.all('/', route);
}

/**
 * Takes in deliveries, as a route of its own: before any body parser, validation and `preHandler`.
 * @throws {QBitFlowError} `misconfigured` without a kit.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { webhookHandler } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * Fastify().all('/hooks/qbitflow', webhookHandler(createQBitFlow()));
 * ```
 */
export function webhookHandler(qbitflow: QBitFlow): RouteShorthandOptionsWithHandler {
  return beforeParsers(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { successHandler } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * const qbitflow = createQBitFlow();
 * const texts = { paid: { title: 'Thank you!', lines: ['We pack it today.'] } };
 * Fastify().get('/thanks', successHandler(qbitflow, { texts }));
 * ```
 */
export function successHandler(
  qbitflow: QBitFlow,
  options?: ReturnPageOptions,
): RouteHandlerMethod {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { cancelHandler } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * Fastify().get('/cancelled', cancelHandler(createQBitFlow()));
 * ```
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): RouteHandlerMethod {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { statusHandler } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * Fastify().get('/status/:uuid', statusHandler(createQBitFlow()));
 * ```
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): RouteHandlerMethod {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Shows operators what is in the inbox and why, and lets them replay and discard. It is one path that answers GET and POST;
 * without `authorize` it answers to this machine alone. Its forms need
 * `@fastify/formbody`, or the plugin's option `desk`, which brings what it needs.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { deliveriesDesk } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * const qbitflow = createQBitFlow();
 * // The name goes into the log of what was done. This header is the one that the proxy in front sets for who signed in.
 * Fastify().all('/desk', deliveriesDesk(qbitflow, { authorize: ({ headers }) => headers['x-operator']?.toString() }));
 * ```
 */
export function deliveriesDesk(qbitflow: QBitFlow, options?: DeskOptions): RouteHandlerMethod {
  return toHandler(deskEndpoint(qbitflow, options));
}

/**
 * Serves counts and handler times in Prometheus' text format, without payloads. Without `authorize` it answers to direct
 * requests from loopback and private networks alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { metricsHandler } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * Fastify().get('/metrics', metricsHandler(createQBitFlow()));
 * ```
 */
export function metricsHandler(qbitflow: QBitFlow, options?: MetricsOptions): RouteHandlerMethod {
  return toHandler(metricsEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell. Forms of
 * browsers need `@fastify/formbody`, or Fastify answers them 415.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example
 * ```ts
 * import { createQBitFlow } from '@qbitflow/core';
 * import { checkoutHandler } from '@qbitflow/fastify';
 * import Fastify from 'fastify';
 *
 * const orders = new Map([['1001', { title: 'Tea', total: 4.5 }]]);
 * Fastify().post(
 *   '/orders/:id/pay',
 *   checkoutHandler(createQBitFlow(), (request) => {
 *     const { id } = request.params as { id: string };
 *     const order = orders.get(id);
 *     return order && { reference: id, productName: order.title, price: order.total };
 *   }),
 * );
 * ```
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (
    request: FastifyRequest,
  ) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): RouteHandlerMethod {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return (request, reply) => {
    answer(endpointFor(request), request, reply);
  };
}

/** An endpoint as a handler of Fastify's, and as a hook that ends the request's way. */
function toHandler(endpoint: Endpoint) {
  return (request: FastifyRequest, reply: FastifyReply): void => {
    answer(endpoint, request, reply);
  };
}

/**
 * A route that is answered in its `onRequest`: the body is unread then, whatever parsers the app has, and no CSRF check
 * or sign-in that waits for `preHandler` is in the way of a delivery, which is signed.
 */
function beforeParsers(endpoint: Endpoint): RouteShorthandOptionsWithHandler {
  const handler = toHandler(endpoint);
  return { onRequest: handler, handler };
}

/**
 * Answers by Fastify's own means: headers and hooks of the app's get in. Nothing is awaited by Fastify, which would take
 * a viewer who leaves a stream for an error.
 */
function answer(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): void {
  endpoint(new FastifyHttpRequest(request))
    .then(({ status, headers, body, stream }) => {
      reply.code(status).headers(headers);
      // With a text, empty or not, early Fastify 4 gives an answer a length that may have none.
      reply.send(stream ?? (body === '' ? undefined : body));
    })
    .catch((error: unknown) => {
      reply.send(error);
    });
}

/** A Fastify request as core sees it. */
class FastifyHttpRequest implements HttpRequest {
  readonly method: string;
  readonly headers: HttpRequest['headers'];
  readonly stream: HttpRequest['stream'];
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest) {
    this.method = request.method;
    this.headers = request.headers;
    this.stream = request.raw;
    this.#request = request;
  }

  // Told when asked: few deliveries need them.

  /** As received, also where the app rewrites it; Fastify tells that since 4.9. */
  get url(): string {
    return this.#request.originalUrl ?? this.#request.url;
  }

  get body(): unknown {
    return this.#request.body;
  }

  get rawBody(): unknown {
    return Reflect.get(this.#request, 'rawBody');
  }

  get client(): string | undefined {
    return this.#request.ip;
  }
}
