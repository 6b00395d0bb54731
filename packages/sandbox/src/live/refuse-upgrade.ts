import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiError } from '../api/api-error.js';
import { errorBodyV1 } from '../api/v1/render-error.js';

/** Answers an upgrade request with an error instead, in v1's shape, and hangs up. */
export function refuseUpgrade(socket: Duplex, failure: ApiError): void {
  const { status } = failure;
  const body = JSON.stringify(errorBodyV1(failure));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
      'Connection: close',
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
    // A client that keeps its half open would hold the sandbox's end back.
    () => socket.destroy(),
  );
}
