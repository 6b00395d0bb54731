import type { ServerResponse } from 'node:http';
import type { HttpRequest, HttpResponse } from '../http.js';
import type { Endpoint } from './endpoints.js';

/** Writes an answer as it stands, without a framework's response helpers, unless somebody has answered already. */
export function writeNodeResponse(response: ServerResponse, answer: HttpResponse): void {
  if (response.headersSent || response.writableEnded) return;
  const { status, headers, body } = answer;
  const length = headers['content-length'] ?? String(Buffer.byteLength(body));
  response.writeHead(status, { ...headers, 'content-length': length });
  response.end(body);
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
