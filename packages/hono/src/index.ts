/**
 * The kit in Hono 4.
 * @module @qbitflow/hono
 */

import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { isArrayBuffer } from 'node:util/types';
import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import {
  cancelEndpoint,
  checkoutEndpoint,
  deskEndpoint,
  metricsEndpoint,
  pathOf,
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
import { Hono, type Context, type Handler, type HonoRequest } from 'hono';

/**
 * Every route of the kit: `/webhook`, `/success`, `/cancel`, `/status/:uuid`. Other paths go on to the app.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { qbitflowRouter } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * const qbitflow = createQBitFlow();
 * new Hono().route('/qbitflow', qbitflowRouter(qbitflow)); // /webhook, /success, /cancel, /status/:uuid
 * ```
 */
export function qbitflowRouter(qbitflow: QBitFlow, options?: RouteOptions): Hono {
  const router = new Hono();
  for (const { path, endpoint } of routesOf(qbitflow, options)) {
    const handler = toHandler(endpoint);
    // Hono minds a slash at the end, merchants who type the URL into a dashboard do not.
    router.all(path, handler).all(`${path}/`, handler);
  }
  return router;
}

/**
 * Takes in deliveries.
 * @throws {QBitFlowError} `misconfigured` without a kit.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { webhookHandler } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * new Hono().all('/hooks/qbitflow', webhookHandler(createQBitFlow()));
 * ```
 */
export function webhookHandler(qbitflow: QBitFlow): Handler {
  return toHandler(webhookEndpoint(qbitflow));
}

/**
 * Shows a customer on the success URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { successHandler } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * const qbitflow = createQBitFlow();
 * const texts = { paid: { title: 'Thank you!', lines: ['We pack it today.'] } };
 * new Hono().get('/thanks', successHandler(qbitflow, { texts }));
 * ```
 */
export function successHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Handler {
  return toHandler(successEndpoint(qbitflow, options));
}

/**
 * Shows a customer on the cancel URL what the API says.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { cancelHandler } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * new Hono().get('/cancelled', cancelHandler(createQBitFlow()));
 * ```
 */
export function cancelHandler(qbitflow: QBitFlow, options?: ReturnPageOptions): Handler {
  return toHandler(cancelEndpoint(qbitflow, options));
}

/**
 * Serves the live status, as JSON or as Server-Sent Events: for screens, never for fulfilment.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { statusHandler } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * new Hono().get('/status/:uuid', statusHandler(createQBitFlow()));
 * ```
 */
export function statusHandler(qbitflow: QBitFlow, options?: StatusOptions): Handler {
  return toHandler(statusEndpoint(qbitflow, options));
}

/**
 * Shows operators what is in the inbox and why, and lets them replay and discard. It is one path that answers GET and POST;
 * without `authorize` it answers to this machine alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { deliveriesDesk } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * const qbitflow = createQBitFlow();
 * // The name goes into the log of what was done. This header is the one that the proxy in front sets for who signed in.
 * new Hono().all('/desk', deliveriesDesk(qbitflow, { authorize: ({ headers }) => headers['x-operator']?.toString() }));
 * ```
 */
export function deliveriesDesk(qbitflow: QBitFlow, options?: DeskOptions): Handler {
  return toHandler(deskEndpoint(qbitflow, options));
}

/**
 * Serves counts and handler times in Prometheus' text format, without payloads. Without `authorize` it answers to direct
 * requests from loopback and private networks alone.
 * @throws {QBitFlowError} `misconfigured` without a kit and for options that cannot work.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { metricsHandler } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * new Hono().get('/metrics', metricsHandler(createQBitFlow()));
 * ```
 */
export function metricsHandler(qbitflow: QBitFlow, options?: MetricsOptions): Handler {
  return toHandler(metricsEndpoint(qbitflow, options));
}

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @throws {QBitFlowError} `misconfigured` without a kit or a function.
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { checkoutHandler } from '@qbitflow/hono';
 * import { Hono } from 'hono';
 *
 * const orders = new Map([['1001', { title: 'Tea', total: 4.5 }]]);
 * new Hono().post(
 *   '/orders/:id/pay',
 *   checkoutHandler(createQBitFlow(), (c) => {
 *     const id = c.req.param('id') ?? '';
 *     const order = orders.get(id);
 *     return order && { reference: id, productName: order.title, price: order.total };
 *   }),
 * );
 * ```
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (c: Context) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): Handler {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return async (c) => answer(endpointFor(c), c);
}

function toHandler(endpoint: Endpoint): Handler {
  return async (c) => answer(endpoint, c);
}

/** Answers by Hono's own means: what the app's middleware has set gets in. */
async function answer(endpoint: Endpoint, c: Context): Promise<Response> {
  const { status, headers, body, stream } = await endpoint(await toRequest(c));
  // A stream is ended by the signal of a client that left, by cancelling the body, or by both, as the platform has it.
  if (stream !== undefined) endWith(c.req.raw.signal, stream);
  const content = stream === undefined ? body : Readable.toWeb(stream);
  // Hono's types name each status that there is; a response stands for any.
  return c.newResponse(content === '' ? null : content, new Response(null, { status, headers }));
}

function endWith(signal: AbortSignal, stream: Readable): void {
  const end = (): unknown => stream.destroy();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
}

/** A Hono context as core sees it. */
async function toRequest({ req, env }: Context): Promise<HttpRequest> {
  return {
    method: req.method,
    url: targetOf(req.url),
    headers: Object.fromEntries(req.raw.headers),
    client: addressIn(env),
    ...(await bodyOf(req)),
  };
}

function targetOf(url: string): string {
  const { search } = new URL(url);
  return pathOf(url) + search;
}

/** What validators and handlers before ours have read is with Hono; else the body is unread. */
async function bodyOf({
  raw,
  bodyCache,
}: HonoRequest): Promise<Pick<HttpRequest, 'stream' | 'rawBody' | 'body'>> {
  // Promises of what was read, which Hono's types do not tell.
  const kept: Readonly<Record<string, unknown>> = bodyCache;
  const [bytes, text, value] = await Promise.all([kept['arrayBuffer'], kept['text'], kept['json']]);
  if (isArrayBuffer(bytes)) return { rawBody: new Uint8Array(bytes) };
  if (text !== undefined) return { rawBody: text };
  if (value !== undefined) return { body: value };
  if (raw.bodyUsed || raw.body?.locked === true) return {};
  if (raw.body === null) return { rawBody: new Uint8Array() };
  const body: ReadableStream<Uint8Array> = raw.body;
  return { stream: Readable.fromWeb(body) };
}

/** The socket's address where Hono runs on Node; elsewhere `clientOf` of the kit tells it, e.g. from a header. */
function addressIn(env: unknown): string | undefined {
  const incoming: unknown = Reflect.get(Object(env), 'incoming');
  const socket: unknown = Reflect.get(Object(incoming), 'socket');
  const address: unknown = Reflect.get(Object(socket), 'remoteAddress');
  return typeof address === 'string' ? address : undefined;
}
