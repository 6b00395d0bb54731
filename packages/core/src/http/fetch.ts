import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { detached } from '../async-context.js';
import { statusOf } from '../errors.js';
import type { HttpRequest, HttpResponse } from './http.js';
import type { QBitFlow } from '../kit.js';
import { routerOf, type MountOptions } from './routes.js';

/**
 * All routes as a handler of the fetch API; other paths are answered 404. For Hono, Next.js, Bun, Deno, Workers and
 * whatever else has `Request` in and `Response` out.
 * @throws `misconfigured` for options that cannot work
 * @example
 * ```js
 * import { createQBitFlow, toFetchHandler } from '@qbitflow/core';
 *
 * const handle = toFetchHandler(createQBitFlow(), { basePath: '/qbitflow' });
 * const response = await handle(new Request('https://shop.example/qbitflow/webhook', { method: 'POST' }));
 * console.assert(response.status === 401); // it is not signed
 * ```
 */
export function toFetchHandler(
  qbitflow: QBitFlow,
  options: MountOptions = {},
): (request: Request) => Promise<Response> {
  const endpointFor = routerOf('toFetchHandler', qbitflow, options);
  // Node loads its fetch API when it is first named, and keeps the async context of that moment alive.
  detached(() => globalThis.Response);
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const endpoint = endpointFor(pathname);
    if (endpoint === undefined) return Response.json({ error: 'not found' }, { status: 404 });
    try {
      return toResponse(request, await endpoint(toRequest(request, pathname + search)));
    } catch (error) {
      // Some platforms await no rejection: the sender would see a connection that ends.
      endpoint.onFailure?.(error);
      return Response.json({ error: 'internal error' }, { status: statusOf('internal') });
    }
  };
}

function toResponse(request: Request, { status, headers, body, stream }: HttpResponse): Response {
  if (stream !== undefined) endWith(request.signal, stream);
  const content = stream === undefined ? body : Readable.toWeb(stream);
  const hasNone = request.method === 'HEAD' || status === 204;
  return new Response(hasNone ? null : content, { status, headers });
}

/** Platforms tell of a client that left by the signal, by cancelling the body, or by both. */
function endWith(signal: AbortSignal, stream: Readable): void {
  const end = (): unknown => stream.destroy();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
}

function toRequest(request: Request, url: string): HttpRequest {
  const headers = Object.fromEntries(request.headers);
  return { method: request.method, url, headers, ...bodyOf(request) };
}

function bodyOf(request: Request): Pick<HttpRequest, 'stream' | 'rawBody'> {
  // A locked body cannot be read either: it has a reader elsewhere.
  if (request.bodyUsed || request.body?.locked === true) return {};
  if (request.body === null) return { rawBody: Buffer.alloc(0) };
  const body: ReadableStream<Uint8Array> = request.body;
  return { stream: Readable.fromWeb(body) };
}
