import type { Readable } from 'node:stream';
import { isUint8Array } from 'node:util/types';
import type { HttpRequest } from '../http/http.js';
import { consumed } from './body-consumed.js';
import { type BytesBody, type Keeping, tooLarge } from './body-buffer.js';
import { type BodyLimits, readStream } from './read-stream.js';

/** The bytes as received or, where a parser left nothing else, the value it made of them. */
export type ReceivedBody = BytesBody | { readonly kind: 'value'; readonly value: unknown };

/**
 * Finds the bytes of a request: from the stream when it is unread, else from what a body parser kept.
 * Rejects at once when they are gone: waiting for a stream that has ended would hang forever.
 */
export function readRawBody(
  request: HttpRequest,
  limits: BodyLimits,
  keeping: Keeping = {},
): Promise<ReceivedBody> {
  const { stream, headers } = request;
  if (!isUnread(stream)) return keptBody(request, limits);
  if (!stream.destroyed && stream.readableEncoding !== null) return decoded();
  const { held, discard } = keeping;
  return readStream(stream, { headers, limits, held, discard });
}

/** Text is not what was signed. */
async function decoded(): Promise<never> {
  throw consumed();
}

async function keptBody(request: HttpRequest, limits: BodyLimits): Promise<ReceivedBody> {
  const kept = [request.rawBody, request.body];
  for (const source of [kept.find(isBytes), kept.find((value) => typeof value === 'string')])
    if (source !== undefined) return { kind: 'bytes', bytes: limitBytes(source, limits) };
  if (isParsed(request.body, request.stream)) return { kind: 'value', value: request.body };
  throw consumed();
}

/** Of whichever realm: test runners and sandboxes have a `Uint8Array` of their own. */
function isBytes(value: unknown): value is Uint8Array {
  return isUint8Array(value);
}

function limitBytes(source: unknown, { bodyLimitBytes }: BodyLimits): Buffer {
  const bytes = isBytes(source)
    ? Buffer.from(source.buffer, source.byteOffset, source.byteLength)
    : Buffer.from(String(source), 'utf8');
  if (bytes.length > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
  return bytes;
}

/** Express 4 leaves `{}` behind when no parser felt responsible: that is no body. */
function isParsed(body: unknown, stream: Readable | undefined): boolean {
  return body !== undefined && body !== null && (typeof body === 'object' || !isStream(stream));
}

/**
 * Whether a request is an unread stream. Some hosts (Azure Functions) and test doubles hand over an event
 * emitter with the body on it, of which no byte will ever come.
 */
export function isUnread(stream: Readable | undefined): stream is Readable {
  return isStream(stream) && !stream.readableDidRead && !stream.readableEnded;
}

/** Whether it can be read at all. Doubles are told by what they can do. */
export function isStream(stream: Readable | undefined): stream is Readable {
  if (stream === undefined) return false;
  // Readables alone tell it.
  if (stream.readableFlowing !== undefined) return true;
  return METHODS.every((name) => isFunction(stream, name));
}

const METHODS = ['on', 'read', 'resume', 'destroy'] as const;

function isFunction(owner: object, name: string): boolean {
  return typeof Reflect.get(owner, name) === 'function';
}
