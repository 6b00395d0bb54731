import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import {
  answerNodeRequest,
  cancelEndpoint,
  checkoutEndpoint,
  deskEndpoint,
  metricsEndpoint,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type DeskOptions,
  type Endpoint,
  type HttpRequest,
  type MetricsOptions,
  type ReturnPageOptions,
  type StatusOptions,
} from '@qbitflow/core/adapter';

/** A request of either platform, in a middleware or in a controller. */
export type PlatformRequest = IncomingMessage | { readonly raw: IncomingMessage };

/** A response of either platform, in a middleware or in a controller (`@Res()`). */
export type PlatformResponse = ServerResponse | FastifyReply;

/** What is used of a reply of Fastify's. */
interface FastifyReply {
  readonly raw: ServerResponse;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>;
}

/** A middleware for `app.use()` and `consumer.apply()`; a controller calls it with `@Req()` and `@Res()`. */
export type PlatformHandler<Request extends PlatformRequest = PlatformRequest> = (
  request: Request,
  response: PlatformResponse,
  next?: () => void,
) => void;

/**
 * Takes in deliveries at a path of your own: `app.use()` in main.ts stands before Nest's body parser.
 * @throws {QBitFlowError} `misconfigured` without a kit.
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { QBITFLOW, webhookHandler } from '@qbitflow/nest';
 *
 * export function mount(app: INestApplication) {
 *   app.use('/hooks/qbitflow', webhookHandler(app.get(QBITFLOW)));
 * }
 * ```
 */
export function webhookHandler(qbitflow: QBitFlow): PlatformHandler {
  return toHandler(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { QBITFLOW, successHandler } from '@qbitflow/nest';
 *
 * export function mount(app: INestApplication) {
 *   const texts = { paid: { title: 'Thank you!', lines: ['We pack it today.'] } };
 *   app.use('/thanks', successHandler(app.get(QBITFLOW), { texts }));
 * }
 * ```
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): PlatformHandler {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { cancelHandler, QBITFLOW } from '@qbitflow/nest';
 *
 * export function mount(app: INestApplication) {
 *   app.use('/cancelled', cancelHandler(app.get(QBITFLOW)));
 * }
 * ```
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): PlatformHandler {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { QBITFLOW, statusHandler } from '@qbitflow/nest';
 *
 * export function mount(app: INestApplication) {
 *   app.use('/status/:uuid', statusHandler(app.get(QBITFLOW)));
 * }
 * ```
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): PlatformHandler {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Shows operators what is in the inbox and why, and lets them replay and discard. It is one path that answers GET and POST;
 * without `authorize` it answers to this machine alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import type { HttpRequest } from '@qbitflow/core';
 * import { deliveriesDesk, QBITFLOW } from '@qbitflow/nest';
 *
 * export function mount(app: INestApplication) {
 *   // The name goes into the log of what was done. This header is the one that the proxy in front sets for who signed in.
 *   const authorize = ({ headers }: HttpRequest) => headers['x-operator']?.toString();
 *   app.use('/desk', deliveriesDesk(app.get(QBITFLOW), { authorize }));
 * }
 * ```
 */
export function deliveriesDesk(qbitflow: QBitFlow, options?: DeskOptions): PlatformHandler {
  return toHandler(deskEndpoint(qbitflow, options));
}

/**
 * Serves counts and handler times in Prometheus' text format, without payloads. Without `authorize` it answers to direct
 * requests from loopback and private networks alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```ts
 * import type { INestApplication } from '@nestjs/common';
 * import { metricsHandler, QBITFLOW } from '@qbitflow/nest';
 *
 * export function mount(app: INestApplication) {
 *   app.use('/metrics', metricsHandler(app.get(QBITFLOW)));
 * }
 * ```
 */
export function metricsHandler(qbitflow: QBitFlow, options?: MetricsOptions): PlatformHandler {
  return toHandler(metricsEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example
 * ```ts
 * import { Controller, Param, Post, Req, Res } from '@nestjs/common';
 * import type { QBitFlow } from '@qbitflow/core';
 * import { checkoutHandler, InjectQBitFlow, type PlatformRequest, type PlatformResponse } from '@qbitflow/nest';
 *
 * const orders = new Map([['1001', { title: 'Tea', total: 4.5 }]]);
 *
 * @Controller('orders')
 * export class Orders {
 *   constructor(@InjectQBitFlow() private readonly qbitflow: QBitFlow) {}
 *
 *   @Post(':id/pay')
 *   pay(@Param('id') id: string, @Req() request: PlatformRequest, @Res() response: PlatformResponse) {
 *     const order = orders.get(id);
 *     const toParams = () => order && { reference: id, productName: order.title, price: order.total };
 *     checkoutHandler(this.qbitflow, toParams)(request, response);
 *   }
 * }
 * ```
 */
export function checkoutHandler<Request extends PlatformRequest>(
  qbitflow: QBitFlow,
  toParams: (request: Request) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): PlatformHandler<Request> {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return (request, response) => {
    toHandler(endpointFor(request))(request, response);
  };
}

/** An endpoint as a handler of both platforms, which answers for itself and never calls `next`. */
export function toHandler(endpoint: Endpoint): PlatformHandler {
  return (request, response) => {
    answerNodeRequest(endpoint, new NestRequest(request), nodeResponse(response));
  };
}

/** Node's own response, with what Fastify's hooks have set for it; Fastify is told to leave it. */
function nodeResponse(response: PlatformResponse): ServerResponse {
  if (!('raw' in response)) return response;
  response.hijack();
  for (const [name, value] of Object.entries(response.getHeaders()))
    if (value !== undefined) response.raw.setHeader(name, value);
  return response.raw;
}

/** A request of either platform as core sees it: Express', Fastify's, and node's as Fastify's middleware gets it. */
class NestRequest implements HttpRequest {
  readonly method: string;
  readonly headers: HttpRequest['headers'];
  readonly stream: IncomingMessage;
  readonly #request: PlatformRequest;

  constructor(request: PlatformRequest) {
    this.stream = 'raw' in request ? request.raw : request;
    this.method = this.stream.method ?? 'GET';
    this.headers = this.stream.headers;
    this.#request = request;
  }

  // Told when asked: few deliveries need them, and each look at an Express request costs half a microsecond on Node 20.

  get url(): string {
    const original = this.#found('originalUrl');
    return typeof original === 'string' ? original : (this.stream.url ?? '/');
  }

  get body(): unknown {
    return this.#found('body');
  }

  /** What Nest keeps with `rawBody: true`. */
  get rawBody(): unknown {
    return this.#found('rawBody');
  }

  get client(): string | undefined {
    const ip = this.#found('ip');
    return typeof ip === 'string' ? ip : this.stream.socket?.remoteAddress;
  }

  #found(name: string): unknown {
    return Reflect.get(this.#request, name);
  }
}
