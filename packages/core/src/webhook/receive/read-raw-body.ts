import type { Readable } from 'node:stream';
import getRawBody from 'raw-body';
import type { Clock } from '../../clock.js';
import { QBitFlowError } from '../../errors.js';
import { headerOf, type HttpRequest } from '../../http.js';

/** The bytes as received or, where a parser left nothing else, the value it made of them. */
export type ReceivedBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'value'; readonly value: unknown };

/** How much to read, and for how long. */
export interface BodyLimits {
  readonly clock: Clock;
  readonly bodyLimitBytes: number;
  readonly bodyTimeoutMs: number;
}

/** How long a connection may go on sending what nobody reads after it was refused, in ms. */
const DRAIN_MS = 5_000;

/**
 * Finds the bytes of a request: from the stream when nobody has read it, else from what a body parser kept.
 * Answers at once when they are gone: waiting for a stream that has ended would hang for ever.
 */
export async function readRawBody(request: HttpRequest, limits: BodyLimits): Promise<ReceivedBody> {
  const { stream } = request;
  if (stream !== undefined && !stream.readableDidRead && !stream.readableEnded)
    return { kind: 'bytes', bytes: await readStream(stream, request, limits) };
  const kept = [request.rawBody, request.body];
  for (const source of [kept.find(isBytes), kept.find((value) => typeof value === 'string')])
    if (source !== undefined) return { kind: 'bytes', bytes: bounded(source, limits) };
  if (isParsed(request.body, stream)) return { kind: 'value', value: request.body };
  throw consumed();
}

async function readStream(
  stream: Readable,
  request: HttpRequest,
  { clock, bodyLimitBytes, bodyTimeoutMs }: BodyLimits,
): Promise<Buffer> {
  const length = headerOf(request.headers, 'content-length') ?? null;
  return new Promise<Buffer>((resolve, reject) => {
    const cancel = clock.after(bodyTimeoutMs, () => {
      fail(new QBitFlowError('body_timeout', `the body did not arrive within ${bodyTimeoutMs} ms`));
    });
    function fail(error: QBitFlowError): void {
      cancel();
      drain(stream, clock);
      reject(error);
    }
    getRawBody(stream, { length, limit: bodyLimitBytes }, (error, bytes) => {
      if (error) {
        fail(bodyError(error, bodyLimitBytes));
        return;
      }
      cancel();
      resolve(bytes);
    });
  });
}

/**
 * Throws away what is still coming, so that the sender can read its answer instead of meeting a closed connection,
 * and ends the connection of one that does not stop.
 */
function drain(stream: Readable, clock: Clock): void {
  if (stream.readableEnded || stream.destroyed) return;
  const cancel = clock.after(DRAIN_MS, () => stream.destroy());
  stream.once('close', cancel);
  stream.on('error', () => undefined);
  stream.resume();
}

function bodyError(error: getRawBody.RawBodyError, limit: number): QBitFlowError {
  if (error.type === 'entity.too.large') return tooLarge(limit);
  if (error.type === 'stream.encoding.set' || error.type === 'stream.not.readable')
    return consumed();
  return new QBitFlowError('body_aborted', 'the sender went away before its body was complete', {
    cause: error,
  });
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
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
  return body !== undefined && body !== null && (typeof body === 'object' || stream === undefined);
}

function tooLarge(limit: number): QBitFlowError {
  return new QBitFlowError('body_too_large', `the body is larger than ${limit} bytes`);
}

/** Says how to mount the route, to the merchant's log and to whoever tries it out. */
export function consumed(): QBitFlowError {
  return new QBitFlowError(
    'body_consumed',
    'a body parser consumed the body and the signed bytes are gone: mount the QBitFlow route before express.json(), koa-body and the like, or keep the bytes in req.rawBody / ctx.request.rawBody',
  );
}
