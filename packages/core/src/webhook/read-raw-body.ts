import type { Readable } from 'node:stream';
import { isUint8Array } from 'node:util/types';
import type { HttpRequest } from '../http/http.js';
import { consumed, tooLarge } from './body-errors.js';
import type { Keeping } from './gathered-bytes.js';
import { readStream, type BodyLimits } from './read-stream.js';
import { isStream, isUnread } from './request-stream.js';

/** The bytes as received or, where a parser left nothing else, the value it made of them. */
export type ReceivedBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'value'; readonly value: unknown };

/**
 * Finds the bytes of a request: from the stream when nobody has read it, else from what a body parser kept.
 * Answers at once when they are gone: waiting for a stream that has ended would hang for ever.
 */
export async function readRawBody(
  request: HttpRequest,
  limits: BodyLimits,
  keeping: Keeping = {},
): Promise<ReceivedBody> {
  const { stream, headers } = request;
  if (isUnread(stream))
    return { kind: 'bytes', bytes: await readStream(stream, { headers, limits, ...keeping }) };
  const kept = [request.rawBody, request.body];
  for (const source of [kept.find(isBytes), kept.find((value) => typeof value === 'string')])
    if (source !== undefined) return { kind: 'bytes', bytes: bounded(source, limits) };
  if (isParsed(request.body, stream)) return { kind: 'value', value: request.body };
  throw consumed();
}

/** Of whichever realm: test runners and sandboxes have a `Uint8Array` of their own. */
function isBytes(value: unknown): value is Uint8Array {
  return isUint8Array(value);
}

function bounded(source: unknown, { bodyLimitBytes }: BodyLimits): Buffer {
  const bytes = isBytes(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(String(source), 'utf8');
  if (bytes.length > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
  return bytes;
}

/** Express 4 leaves `{}` behind when no parser felt responsible: that is nobody's body. */
function isParsed(body: unknown, stream: Readable | undefined): boolean {
  return body !== undefined && body !== null && (typeof body === 'object' || !isStream(stream));
}
