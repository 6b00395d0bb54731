import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpRequest, HttpResponse } from '../http.js';
import type { Endpoint } from './endpoints.js';

/** Writes an answer as it stands, without a framework's response helpers, unless somebody has answered already. */
export function writeNodeResponse(response: ServerResponse, answer: HttpResponse): void {
  const { status, headers, body, stream } = answer;
  if (stream !== undefined) {
    writeStream(response, answer, stream);
    return;
  }
  if (response.headersSent || response.writableEnded) return;
  response.writeHead(status, 'content-length' in headers ? headers : withLength(answer));
  response.end(body);
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
  response.once('close', () => body.destroy());
  if (response.headersSent || response.writableEnded || response.destroyed) {
    body.destroy();
    return;
  }
  response.writeHead(status, headers);
  response.flushHeaders();
  body.on('error', () => response.destroy());
  body.pipe(response);
  // `compression()` keeps what is written until it is told to let go.
  body.on('data', () => response.flush?.());
}

/** Answers on node's own response object. It never throws or rejects: a process must not die of one request. */
export function answerNodeRequest(
  endpoint: Endpoint,
  request: HttpRequest,
  response: ServerResponse,
): void {
  endpoint(request)
    .then((answer) => {
      writeNodeResponse(response, answer);
    })
    .catch(() => {
      // Endpoints do not reject; a header written by somebody else's wrapper may still throw. The sender comes again.
      response.destroy();
    });
}
