import type { Readable } from 'node:stream';
import getRawBody from 'raw-body';
import type { Clock } from '../../clock.js';
import { isQBitFlowError, type QBitFlowError } from '../../errors.js';
import { headerOf, type HttpHeaders } from '../../http.js';
import { aborted, consumed, tooLarge, tooSlow } from './body-errors.js';
import { startFlowing } from './request-stream.js';

/** How much to read, and for how long. */
export interface BodyLimits {
  readonly clock: Clock;
  readonly bodyLimitBytes: number;
  readonly bodyTimeoutMs: number;
}

/** How long a connection may go on sending what nobody reads after it was refused, in ms. */
const DRAIN_MS = 5_000;
/** Up to this length a declared body is read by hand; every event QBitFlow documents is far below it. */
const SHORT_BYTES = 65_536;

/** Reads a stream that nobody has touched, within the limits. */
export async function readStream(
  stream: Readable,
  headers: HttpHeaders,
  { clock, bodyLimitBytes, bodyTimeoutMs }: BodyLimits,
): Promise<Buffer> {
  // Such a stream tells nobody that it has closed: waiting for it would take until the timeout.
  if (stream.destroyed) throw aborted(undefined);
  const length = headerOf(headers, 'content-length') ?? null;
  const isShort = length !== null && Number(length) <= Math.min(SHORT_BYTES, bodyLimitBytes);
  return new Promise<Buffer>((resolve, reject) => {
    const cancel = clock.after(bodyTimeoutMs, () => {
      fail(tooSlow(bodyTimeoutMs));
    });
    let failed = false;
    function fail(error: QBitFlowError): void {
      if (failed) return;
      failed = true;
      cancel();
      drain(stream, clock);
      reject(error);
    }
    function done(error: Error | null, bytes?: Buffer): void {
      if (bytes === undefined) {
        fail(bodyError(error, bodyLimitBytes));
        return;
      }
      cancel();
      resolve(bytes);
    }
    if (isShort && stream.readableEncoding === null) readShort(stream, bodyLimitBytes, done);
    else getRawBody(stream, { length, limit: bodyLimitBytes }, done);
    startFlowing(stream);
  });
}

/** The hot path: what raw-body does, less what a short body of known length does not need. */
function readShort(
  stream: Readable,
  limit: number,
  done: (error: Error | null, bytes?: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let received = 0;
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= limit) chunks.push(chunk);
    else done(tooLarge(limit));
  });
  // Always a copy: a chunk is a slice of the socket's 64 KiB buffer and would keep all of it alive in a store.
  stream.on('end', () => {
    done(null, Buffer.concat(chunks, received));
  });
  stream.on('error', done);
  stream.on('close', () => {
    if (!stream.readableEnded) done(aborted(undefined));
  });
}

/**
 * Throws away what is still coming, so that the sender can read its answer instead of meeting a closed connection,
 * and ends the connection of one that does not stop.
 */
function drain(stream: Readable, clock: Clock): void {
  if (stream.readableEnded || stream.destroyed) return;
  const cancel = clock.after(DRAIN_MS, () => stream.destroy(), { background: true });
  stream.once('close', cancel);
  stream.on('error', () => undefined);
  stream.resume();
}

function bodyError(error: Error | null, limit: number): QBitFlowError {
  if (isQBitFlowError(error)) return error;
  const type = error !== null && 'type' in error ? error.type : undefined;
  if (type === 'entity.too.large') return tooLarge(limit);
  if (type === 'stream.encoding.set' || type === 'stream.not.readable') return consumed();
  return aborted(error);
}
