import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { QBitFlowError, statusOf } from '../errors.js';
import type { HttpRequest, HttpResponse } from './http.js';
import type { QBitFlow } from '../kit.js';
import { assertKnownOptions } from '../known-options.js';
import { NOT_FOUND } from './respond.js';
import {
  isSamePath,
  mountPath,
  pathOf,
  routerOf,
  webhookEndpoint,
  type Endpoint,
  type MountOptions,
} from './routes.js';
import type { Readable } from 'node:stream';
import { asError } from '../as-error.js';
import { docsOfLine } from '../docs.js';
import { logLine } from '../log-line.js';
import { writeToStderr } from '../logger.js';

/**
 * All routes as a listener for `node:http`; other paths are answered 404. For apps without a framework: in front of
 * Express or Koa there is {@link withWebhook}, inside them `@qbitflow/express` and `@qbitflow/koa`.
 * @throws `misconfigured` for options that cannot work
 * @example
 * ```js
 * import { createServer } from 'node:http';
 * import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow();
 * createServer(toNodeHandler(qbitflow, { basePath: '/qbitflow' })).listen(3000);
 * ```
 */
export function toNodeHandler(qbitflow: QBitFlow, options: MountOptions = {}): RequestListener {
  const endpointFor = routerOf('toNodeHandler', qbitflow, options);
  return (request, response) => {
    const endpoint = endpointFor(request.url ?? '/');
    if (endpoint === undefined) writeNodeResponse(response, NOT_FOUND);
    else answerNodeRequest(endpoint, new NodeRequest(request), response);
  };
}

/**
 * Puts the webhook in front of an app: no body parser can come first and no framework stands on the hot path. Every
 * request for another path goes to `app`, an Express app or a Koa app's `callback()`. The fastest way to mount it; the
 * other routes are mounted in the app.
 * @throws `misconfigured` for anything else, and for a path that could never match
 * @example
 * ```js
 * import { createServer } from 'node:http';
 * import { createQBitFlow, withWebhook } from '@qbitflow/core';
 * import express from 'express';
 *
 * const app = express().use(express.json()); // no parser can come before the webhook any more
 * const listener = withWebhook(app, createQBitFlow(), { path: '/qbitflow/webhook' });
 * createServer(listener).listen(3000);
 * ```
 */
export function withWebhook(
  app: RequestListener,
  qbitflow: QBitFlow,
  options: { path: string },
): RequestListener {
  if (typeof app !== 'function')
    throw new QBitFlowError(
      'misconfigured',
      "withWebhook(app, qbitflow, { path }) is put in front of a request listener: an Express app, a Koa app's callback()",
    );
  assertKnownOptions('withWebhook', options, ['path']);
  const { path } = { ...options };
  const endpoint = webhookEndpoint(qbitflow);
  const mounted = mountPath(path) || '/';
  return (request, response) => {
    if (isSamePath(pathOf(request.url ?? '/'), mounted))
      answerNodeRequest(endpoint, new NodeRequest(request), response);
    else app(request, response);
  };
}

/** A request of node's as the kit sees it. */
class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly headers: HttpRequest['headers'];

  constructor(readonly stream: IncomingMessage & { readonly body?: unknown; rawBody?: unknown }) {
    this.method = stream.method ?? 'GET';
    this.headers = stream.headers;
  }

  // Told when asked: few deliveries need them.

  get url(): string {
    return this.stream.url ?? '/';
  }

  /** Platforms that read the body first (Cloud Functions, Vercel) leave it where body parsers do. */
  get body(): unknown {
    return this.stream.body;
  }

  get rawBody(): unknown {
    return this.stream.rawBody;
  }

  get client(): string | undefined {
    return this.stream.socket?.remoteAddress;
  }
}

/** Writes an answer as it stands, without a framework's response helpers, unless the request has been answered already. */
export function writeNodeResponse(response: ServerResponse, answer: HttpResponse): void {
  const { status, headers, body, stream } = answer;
  if (stream !== undefined) {
    writeStream(response, answer, stream);
    return;
  }
  try {
    writeHead(response, status, 'content-length' in headers ? headers : withLength(answer));
  } catch (error) {
    // Asked only then: inside Express on Node 20 each look at a response costs half a microsecond.
    if (response.headersSent || response.writableEnded) return;
    throw error;
  }
  response.end(body);
}

function writeHead(
  response: ServerResponse,
  status: number,
  headers: HttpResponse['headers'],
): void {
  const write: unknown = Reflect.get(response, 'writeHead');
  if (typeof write === 'function') Reflect.apply(write, response, [status, headers]);
  else for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  // Platforms' own responses look here when they are ended, whatever `writeHead` was told: a 503 went out as a 200.
  response.statusCode = status;
}

function withLength({ status, headers, body }: HttpResponse): HttpResponse['headers'] {
  // RFC 9110: a 204 has no length, not even 0.
  return status === 204
    ? headers
    : { ...headers, 'content-length': String(Buffer.byteLength(body)) };
}

function writeStream(
  response: ServerResponse & { flush?: () => void },
  { status, headers }: HttpResponse,
  body: Readable,
): void {
  response.once?.('close', () => body.destroy());
  if (response.headersSent || response.writableEnded || response.destroyed) {
    body.destroy();
    return;
  }
  writeHead(response, status, headers);
  response.flushHeaders?.();
  body.on('error', () => response.destroy());
  body.pipe(response);
  // `compression()` keeps what is written until it is told to let go.
  body.on('data', () => response.flush?.());
}

/**
 * Answers on node's own response object. It never throws or rejects: a process must not die of one request. An answer
 * that cannot be written (a header that a wrapper rejects) is reported by the endpoint's kit and is a 500, so that
 * the sender comes again.
 */
export function answerNodeRequest(
  endpoint: Endpoint,
  request: HttpRequest,
  response: ServerResponse,
): void {
  function fail(error: unknown): void {
    try {
      writeFailure(response);
      (endpoint.onFailure ?? reportOnStderr)(error);
    } catch {
      // A double of a response, or an `onFailure` from elsewhere, that fails itself.
    }
  }
  function write(answer: HttpResponse): void {
    try {
      writeNodeResponse(response, answer);
    } catch (error) {
      fail(error);
    }
  }
  try {
    // One from elsewhere may give no promise, or throw before there is one.
    Promise.resolve(endpoint(request)).then(write, fail);
  } catch (error) {
    fail(error);
  }
}

function reportOnStderr(error: unknown): void {
  const code = 'respond_failed';
  const facts = { code, err: asError(error), docs: docsOfLine(code) };
  writeToStderr(logLine('error', facts, 'a request could not be answered'));
}

const FAILURE = JSON.stringify({ error: 'internal error' });

function writeFailure(response: ServerResponse): void {
  if (response.writableEnded) return;
  try {
    if (response.headersSent) throw new Error('half of an answer is out');
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    response.statusCode = statusOf('internal');
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(FAILURE);
  } catch {
    // A double of a response may lack it, and no client that waits.
    if (typeof response.destroy === 'function') response.destroy();
  }
}
