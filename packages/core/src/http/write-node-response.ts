import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { asError } from '../as-error.js';
import { statusOf } from '../errors.js';
import type { HttpRequest, HttpResponse } from './http.js';
import { logLine } from '../log-line.js';
import { writeToStderr } from '../logger.js';
import type { Endpoint } from './routes.js';

/** Writes an answer as it stands, without a framework's response helpers, unless somebody has answered already. */
export function writeNodeResponse(response: ServerResponse, answer: HttpResponse): void {
  const { status, headers, body, stream } = answer;
  if (stream !== undefined) {
    writeStream(response, answer, stream);
    return;
  }
  if (response.headersSent || response.writableEnded) return;
  writeHead(response, status, 'content-length' in headers ? headers : withLength(answer));
  response.end(body);
}

function writeHead(
  response: ServerResponse,
  status: number,
  headers: HttpResponse['headers'],
): void {
  // Platforms' own responses look here when they are ended, whatever `writeHead` was told: a 503 went out as a 200.
  response.statusCode = status;
  if (typeof response.writeHead === 'function') response.writeHead(status, headers);
  else for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
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
 * that cannot be written (a header that somebody's wrapper refuses) is told to the endpoint's kit and is a 500, so that
 * the sender comes again.
 */
export function answerNodeRequest(
  endpoint: Endpoint,
  request: HttpRequest,
  response: ServerResponse,
): void {
  // An endpoint of somebody else may throw before it is a promise.
  new Promise<HttpResponse>((resolve) => {
    resolve(endpoint(request));
  })
    .then((answer) => {
      writeNodeResponse(response, answer);
    })
    .catch((error: unknown) => {
      writeFailure(response);
      (endpoint.onFailure ?? tellOnStderr)(error);
    })
    .catch(() => {
      // An `onFailure` of somebody else's endpoint that fails itself.
    });
}

function tellOnStderr(error: unknown): void {
  const facts = { code: 'respond_failed', err: asError(error) };
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
    // A double of a response may lack it, and has nobody who waits.
    if (typeof response.destroy === 'function') response.destroy();
  }
}
