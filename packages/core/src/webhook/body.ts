import { type Readable, PassThrough } from 'node:stream';
import { isUint8Array } from 'node:util/types';
import { type HttpRequest, headerOf, type HttpHeaders } from '../http/http.js';
import { type Keeping, GatheredBytes, tooLarge, overloaded } from './body-buffer.js';
import getRawBody from 'raw-body';
import type { Clock } from '../clock.js';
import { isQBitFlowError, QBitFlowError } from '../errors.js';

/** The bytes as received or, where a parser left nothing else, the value it made of them. */
export type ReceivedBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'value'; readonly value: unknown };

/**
 * Finds the bytes of a request: from the stream when it is unread, else from what a body parser kept.
 * Answers at once when they are gone: waiting for a stream that has ended would hang forever.
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
    if (source !== undefined) return { kind: 'bytes', bytes: limitBytes(source, limits) };
  if (isParsed(request.body, stream)) return { kind: 'value', value: request.body };
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

/** How much to read, and for how long. */
export interface BodyLimits {
  readonly clock: Clock;
  readonly bodyLimitBytes: number;
  readonly bodyTimeoutMs: number;
}

/** How long a connection may go on sending what is not read any more after it was rejected, in ms. */
const DRAIN_MS = 5_000;
/**
 * The largest body in pieces of 256 bytes. In crumbs it costs the shop hundreds of times the processor time, and no sender
 * writes like that.
 */
const MOST_PIECES = 4_096;
/** Up to this length a declared body is gathered by hand; every event QBitFlow documents is far below it. */
const SHORT_BYTES = 65_536;
/** What a chunk costs beside its bytes while raw-body keeps it: a body in crumbs holds a hundred times what it says. */
const CHUNK_BYTES = 400;

/** How a stream is read. */
export interface BodyReadOptions extends Keeping {
  readonly headers: HttpHeaders;
  readonly limits: BodyLimits;
}

/**
 * Reads an untouched stream, within the limits. What is kept is accounted for at what it really holds:
 * neither a body in crumbs nor one that only begins may cost more than its bytes. What is given up is let go of at once.
 */
export async function readStream(
  stream: Readable,
  { headers, limits, held, discard }: BodyReadOptions,
): Promise<Buffer> {
  const { clock, bodyLimitBytes, bodyTimeoutMs } = limits;
  // Such a stream does not emit that it has closed: waiting for it would take until the timeout.
  if (stream.destroyed) throw aborted(undefined);
  if (stream.readableEncoding !== null) throw consumed();
  const declared = Number(headerOf(headers, 'content-length') ?? Number.NaN);
  return new Promise<Buffer>((resolve, reject) => {
    let settled = false;
    let ended = false;
    let pieces = 0;
    let forget: () => void = () => undefined;
    const cancel = clock.after(bodyTimeoutMs, () => {
      fail(tooSlow(bodyTimeoutMs));
    });

    function settle(): boolean {
      if (settled) return false;
      settled = true;
      cancel();
      return true;
    }
    function fail(error: QBitFlowError): void {
      if (!settle()) return;
      held?.release();
      // Listeners outlive a body that was given up, for as long as its sender likes.
      forget();
      drain(stream, clock, pieces > MOST_PIECES ? 0 : DRAIN_MS);
      reject(error);
    }
    function arrive(bytes: Buffer): void {
      if (!settle()) return;
      held?.arrived();
      resolve(bytes);
    }
    /** What a chunk leads to may fail, and is not awaited. */
    function onChunk(take: (chunk: Buffer | string) => void): void {
      stream.on('data', (chunk: Buffer | string) => {
        if (settled) return;
        try {
          pieces += 1;
          if (pieces > MOST_PIECES) throw tooManyPieces(MOST_PIECES);
          take(chunk);
        } catch (error) {
          fail(isQBitFlowError(error) ? error : aborted(error));
        }
      });
    }
    function gather(): void {
      const body = new GatheredBytes({ declared, bodyLimitBytes, held, discard });
      forget = () => {
        body.forget();
      };
      onChunk((chunk) => {
        body.add(chunk);
      });
      stream.on('end', () => {
        arrive(body.whole());
        body.forget();
      });
    }
    function readLong(): void {
      // It reads a stream of its own: that one can be ended, while the sender of this one shall hear the answer.
      const source = new PassThrough();
      forget = () => source.destroy();
      onChunk((chunk) => {
        held?.grow(chunk.length + CHUNK_BYTES);
        source.write(chunk);
      });
      stream.on('end', () => {
        ended = true;
        source.end();
      });
      const length = Number.isNaN(declared) ? null : declared;
      getRawBody(source, { length, limit: bodyLimitBytes }, (error, bytes) => {
        if (bytes !== undefined) arrive(bytes);
        else if ('type' in error && error.type === 'entity.too.large')
          fail(tooLarge(bodyLimitBytes));
        else fail(aborted(error));
      });
    }

    if (declared > bodyLimitBytes) {
      fail(tooLarge(bodyLimitBytes));
      return;
    }
    held?.reading(() => {
      fail(overloaded());
    });
    // raw-body takes bytes only; other objects come from doubles of requests, which are short.
    if (discard === true || declared <= SHORT_BYTES || stream.readableObjectMode) gather();
    else readLong();
    stream.on('error', (error) => {
      fail(aborted(error));
    });
    stream.on('close', () => {
      // After every delivery, too: no error is made for one that has arrived.
      if (!ended && !settled) fail(aborted(undefined));
    });
    startFlowing(stream);
  });
}

/**
 * Throws away what is still coming, so that the sender can read its answer instead of meeting a closed connection,
 * and ends the connection of one that does not stop within `ms`.
 */
function drain(stream: Readable, clock: Clock, ms: number): void {
  if (stream.readableEnded || stream.destroyed) return;
  const cancel = clock.after(ms, () => stream.destroy(), { background: true });
  stream.once('close', cancel);
  stream.on('error', () => undefined);
  stream.resume();
}

/**
 * Whether a request is an unread stream. Some hosts (Azure Functions) and test doubles hand over an event
 * emitter with the body on it, of which no byte will ever come.
 */
export function isUnread(stream: Readable | undefined): stream is Readable {
  return isStream(stream) && !stream.readableDidRead && !stream.readableEnded;
}

/** Whether it can be read at all. */
export function isStream(stream: Readable | undefined): stream is Readable {
  const methods = ['on', 'read', 'resume', 'destroy'] as const;
  return stream !== undefined && methods.every((name) => typeof stream[name] === 'function');
}

/** Sets a stream going that was paused before it came to us; call it once its listeners are there. */
export function startFlowing(stream: Readable): void {
  // Listening to its data is enough for a stream that was left alone.
  if (stream.readableFlowing !== false) return;
  if (stream.listenerCount('readable') === 0) {
    stream.resume();
    return;
  }
  // Beside a listener to `readable` it never flows: it has to be read, which gives its data to every listener.
  function pull(): void {
    while (stream.read() !== null);
  }
  stream.on('readable', pull);
  pull();
}

/** The body comes in crumbs, each of which costs as much as a packet. */
export function tooManyPieces(most: number): QBitFlowError {
  return new QBitFlowError('body_too_large', `the body comes in more than ${most} pieces`);
}

/** The body did not arrive in time. */
export function tooSlow(timeoutMs: number): QBitFlowError {
  return new QBitFlowError('body_timeout', `the body did not arrive within ${timeoutMs} ms`);
}

/** The connection ended half-way. */
export function aborted(cause: unknown): QBitFlowError {
  const message = 'the sender went away before its body was complete';
  return new QBitFlowError('body_aborted', message, { cause });
}

/** Says how to mount the route, to the merchant's log and to whoever tries it out. */
export function consumed(): QBitFlowError {
  return new QBitFlowError(
    'body_consumed',
    'a body parser consumed the body and the signed bytes are gone: mount the QBitFlow route before express.json(), koa-body and the like, or keep the bytes in req.rawBody / ctx.request.rawBody',
  );
}
