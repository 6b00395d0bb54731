import type { Readable } from 'node:stream';
import getRawBody from 'raw-body';
import type { Clock } from '../../clock.js';
import { isQBitFlowError, type QBitFlowError } from '../../errors.js';
import { headerOf, type HttpHeaders } from '../../http.js';
import { aborted, consumed, overloaded, tooLarge, tooSlow } from './body-errors.js';
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

/** Up to this length a declared body is gathered by hand; every event QBitFlow documents is far below it. */
const SHORT_BYTES = 65_536;
/** What a chunk costs beside its bytes while raw-body keeps it: a body in crumbs holds a hundred times what it says. */
const CHUNK_BYTES = 200;

/** How a stream is read. */
export interface Reading extends Keeping {
  readonly headers: HttpHeaders;
  readonly limits: BodyLimits;
}

/**
 * Reads a stream that nobody has touched, within the limits. What is kept is accounted for at what it really holds:
 * neither a body in crumbs nor one that only begins may cost more than its bytes.
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
      drain(stream, clock);
      reject(error);
    }
    function arrive(bytes: () => Buffer): void {
      if (!settle()) return;
      held?.arrived();
      resolve(bytes());
    }
    /** What a chunk leads to may fail, and nobody awaits it. */
    function onChunk(take: (chunk: Buffer | string) => void): void {
      stream.on('data', (chunk: Buffer | string) => {
        if (settled) return;
        try {
          take(chunk);
        } catch (error) {
          fail(isQBitFlowError(error) ? error : aborted(error));
        }
      });
    }
    function gather(): void {
      const body = createGatheredBytes({ declared, bodyLimitBytes, held, discard });
      onChunk((chunk) => {
        if (!body.add(chunk)) fail(tooLarge(bodyLimitBytes));
      });
      stream.on('end', () => {
        arrive(() => body.whole());
      });
    }
    function readLong(): void {
      onChunk((chunk) => held?.grow(chunk.length + CHUNK_BYTES));
      const length = Number.isNaN(declared) ? null : declared;
      getRawBody(stream, { length, limit: bodyLimitBytes }, (error, bytes) => {
        if (bytes !== undefined) arrive(() => bytes);
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
      fail(aborted(undefined));
    });
    startFlowing(stream);
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
