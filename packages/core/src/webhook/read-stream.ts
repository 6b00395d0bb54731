import { PassThrough, type Readable } from 'node:stream';
import getRawBody from 'raw-body';
import type { Clock } from '../clock.js';
import { isQBitFlowError, type QBitFlowError } from '../errors.js';
import { headerOf, type HttpHeaders } from '../http/http.js';
import { aborted, consumed, overloaded, tooLarge, tooManyPieces, tooSlow } from './body-errors.js';
import { createGatheredBytes, type Keeping } from './gathered-bytes.js';
import { startFlowing } from './request-stream.js';

/** How much to read, and for how long. */
export interface BodyLimits {
  readonly clock: Clock;
  readonly bodyLimitBytes: number;
  readonly bodyTimeoutMs: number;
}

/** How long a connection may go on sending what nobody reads after it was refused, in ms. */
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
export interface Reading extends Keeping {
  readonly headers: HttpHeaders;
  readonly limits: BodyLimits;
}

/**
 * Reads a stream that nobody has touched, within the limits. What is kept is accounted for at what it really holds:
 * neither a body in crumbs nor one that only begins may cost more than its bytes. What is given up is let go of at once.
 */
export async function readStream(
  stream: Readable,
  { headers, limits, held, discard }: Reading,
): Promise<Buffer> {
  const { clock, bodyLimitBytes, bodyTimeoutMs } = limits;
  // Such a stream tells nobody that it has closed: waiting for it would take until the timeout.
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
    /** What a chunk leads to may fail, and nobody awaits it. */
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
      const body = createGatheredBytes({ declared, bodyLimitBytes, held, discard });
      ({ forget } = body);
      onChunk(body.add);
      stream.on('end', () => {
        arrive(body.whole());
        forget();
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
      if (!ended) fail(aborted(undefined));
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
