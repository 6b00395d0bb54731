import type { Readable } from 'node:stream';
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
    const body = createGatheredBytes({ declared, bodyLimitBytes, held, discard });
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
    function take(chunk: Buffer | string): void {
      if (settled) return;
      try {
        if (!body.add(chunk)) fail(tooLarge(bodyLimitBytes));
      } catch (error) {
        fail(isQBitFlowError(error) ? error : aborted(error));
      }
    }

    if (declared > bodyLimitBytes) {
      fail(tooLarge(bodyLimitBytes));
      return;
    }
    held?.reading(() => {
      fail(overloaded());
    });
    stream.on('data', take);
    stream.on('end', () => {
      if (!settle()) return;
      held?.arrived();
      resolve(body.whole());
    });
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
