import type { IncomingMessage, RequestListener } from 'node:http';
import { QBitFlowError } from '../errors.js';
import type { HttpRequest, HttpResponse } from './http.js';
import type { QBitFlow } from '../kit.js';
import { assertKnownOptions } from '../known-options.js';
import { ROUTE_OPTION_NAMES, routesOf, webhookEndpoint, type RouteOptions } from './routes.js';
import { findRoute, isSamePath, mountPath, pathOf } from './find-route.js';
import { answerNodeRequest, writeNodeResponse } from './write-node-response.js';

/** Where and how the routes are mounted. */
export interface MountOptions extends RouteOptions {
  /** Path in front of the routes, e.g. `/qbitflow`. @default '' */
  readonly basePath?: string | undefined;
}

/** The names of {@link MountOptions}. */
export const MOUNT_OPTION_NAMES: readonly string[] = [...ROUTE_OPTION_NAMES, 'basePath'];

const NOT_FOUND: HttpResponse = {
  status: 404,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: '{"error":"not found"}',
};

/** All routes as a listener for `node:http`; other paths are answered 404. */
export function toNodeHandler(qbitflow: QBitFlow, options: MountOptions = {}): RequestListener {
  assertKnownOptions('toNodeHandler', options, MOUNT_OPTION_NAMES);
  const { basePath = '', ...routeOptions } = options;
  const routes = routesOf(qbitflow, routeOptions);
  const base = mountPath(basePath);
  return (request, response) => {
    const endpoint = findRoute(routes, base, pathOf(request.url ?? '/'));
    if (endpoint === undefined) writeNodeResponse(response, NOT_FOUND);
    else answerNodeRequest(endpoint, toRequest(request), response);
  };
}

/**
 * Puts the webhook in front of an app: no body parser can come first and no framework stands on the hot path. Every
 * request for another path goes to `app`, an Express app or a Koa app's `callback()`. Throws `misconfigured` for
 * anything else, and for a path that could never match.
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
      answerNodeRequest(endpoint, toRequest(request), response);
    else app(request, response);
  };
}

/** Platforms that read the body first (Cloud Functions, Vercel) leave it where body parsers do. */
function toRequest(
  request: IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown },
): HttpRequest {
  const { method = 'GET', url = '/', headers, body, rawBody } = request;
  const client = request.socket?.remoteAddress;
  return { method, url, headers, client, stream: request, body, rawBody };
}
