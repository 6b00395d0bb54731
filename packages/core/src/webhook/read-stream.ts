import { type Readable, PassThrough } from 'node:stream';
import type { CancelTimer, Clock } from '../clock.js';
import { isQBitFlowError, QBitFlowError } from '../errors.js';
import { headerOf, type HttpHeaders } from '../http/http.js';
import { takesShortcuts } from '../shortcuts.js';
import {
  type BytesBody,
  GatheredBytes,
  type Keeping,
  overloaded,
  tooLarge,
} from './body-buffer.js';

/** How much to read, and for how long. */
export interface BodyLimits {
  readonly clock: Clock;
  readonly bodyLimitBytes: number;
  readonly bodyTimeoutMs: number;
}

/** How a stream is read. */
export interface BodyReadOptions extends Keeping {
  readonly headers: HttpHeaders;
  readonly limits: BodyLimits;
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

/**
 * Reads an untouched stream, within the limits. What is kept is accounted for at what it really holds:
 * neither a body in crumbs nor one that only begins may cost more than its bytes. What is given up is let go of at once.
 */
export function readStream(stream: Readable, options: BodyReadOptions): Promise<BytesBody> {
  return new Promise<BytesBody>((resolve, reject) => {
    new StreamReading(stream, options, { resolve, reject }).begin();
  });
}

interface Reader {
  readonly resolve: (body: BytesBody) => void;
  readonly reject: (error: QBitFlowError) => void;
}

/** One stream that is being read. A class: a closure for each step of every delivery cost 2 µs. */
class StreamReading {
  private readonly declared: number;
  private body: GatheredBytes | LongBody | undefined;
  private cancel: CancelTimer | undefined;
  private settled = false;
  private ended = false;
  private pieces = 0;

  constructor(
    private readonly stream: Readable,
    private readonly options: BodyReadOptions,
    private readonly reader: Reader,
  ) {
    this.declared = Number(headerOf(options.headers, 'content-length') ?? Number.NaN);
  }

  begin(): void {
    const { stream, declared } = this;
    const { limits, held, discard } = this.options;
    const { bodyLimitBytes } = limits;
    // Such a stream does not emit that it has closed: waiting for it would take until the timeout.
    if (stream.destroyed) this.reader.reject(aborted(undefined));
    else if (declared > bodyLimitBytes) this.fail(tooLarge(bodyLimitBytes));
    else {
      held?.reading(this);
      // raw-body takes bytes only; other objects come from doubles of requests, which are short.
      const isShort = declared <= SHORT_BYTES || stream.readableObjectMode;
      const isFramed = isFramedBy(stream, declared);
      if (discard === true || isShort) this.gather(isFramed);
      else this.pipe();
      // The usual body came with its headers, and has been read by then: each listener costs 3 µs inside Express on Node 20.
      if (isFramed && takesShortcuts)
        queueMicrotask(() => {
          this.guard();
        });
      else this.guard();
      startFlowing(stream);
    }
  }

  /** Against what may go wrong while it is waited for. */
  private guard(): void {
    if (this.settled) return;
    const { stream } = this;
    // It went away in this very moment, and will not say so again.
    if (stream.destroyed) {
      this.closed();
      return;
    }
    const { clock, bodyTimeoutMs } = this.options.limits;
    this.cancel = clock.after(bodyTimeoutMs, () => {
      this.fail(tooSlow(bodyTimeoutMs));
    });
    stream.on('error', (error) => {
      this.fail(aborted(error));
    });
    stream.on('close', () => {
      // After every delivery, too: no error is made for one that has arrived.
      if (!this.ended && !this.settled) this.closed();
    });
  }

  /** Its room is needed for others. */
  giveUp(): void {
    this.fail(overloaded());
  }

  private gather(isFramed: boolean): void {
    const { limits, held, discard } = this.options;
    const { bodyLimitBytes } = limits;
    const body = new GatheredBytes({ declared: this.declared, bodyLimitBytes, held, discard });
    this.body = body;
    const finish = (): void => {
      this.arrive(body.whole());
      body.forget();
    };
    this.stream.on('data', (chunk: Buffer | string) => {
      this.take(body, chunk);
      if (isFramed && body.isComplete && !this.settled) finish();
    });
    if (!isFramed) this.stream.on('end', finish);
  }

  /** A stream that has ended has told all it has, whatever was announced. */
  private closed(): void {
    const { body, stream } = this;
    if (body instanceof GatheredBytes && stream.readableEnded) this.arrive(body.whole());
    else this.fail(aborted(undefined));
  }

  private pipe(): void {
    const { limits, held } = this.options;
    const body = new LongBody(this.declared, limits.bodyLimitBytes, held);
    this.body = body;
    this.stream.on('data', (chunk: Buffer | string) => {
      this.take(body, chunk);
    });
    this.stream.on('end', () => {
      this.ended = true;
      body.end();
    });
    body.whole.then(
      (bytes) => {
        this.arrive(bytes);
      },
      (error: unknown) => {
        this.fail(isQBitFlowError(error) ? error : aborted(error));
      },
    );
  }

  /** What a chunk leads to may fail, and is not awaited. */
  private take(body: GatheredBytes | LongBody, chunk: Buffer | string): void {
    if (this.settled) return;
    try {
      this.pieces += 1;
      if (this.pieces > MOST_PIECES) throw tooManyPieces(MOST_PIECES);
      body.add(chunk);
    } catch (error) {
      this.fail(isQBitFlowError(error) ? error : aborted(error));
    }
  }

  private arrive(bytes: Buffer): void {
    if (!this.settle()) return;
    this.options.held?.arrived();
    this.reader.resolve({ kind: 'bytes', bytes });
  }

  private fail(error: QBitFlowError): void {
    if (!this.settle()) return;
    const { held, limits } = this.options;
    held?.release();
    // Listeners outlive a body that was given up, for as long as its sender likes.
    this.body?.forget();
    drain(this.stream, limits.clock, this.pieces > MOST_PIECES ? 0 : DRAIN_MS);
    this.reader.reject(error);
  }

  /** Whether this is the first outcome. */
  private settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.cancel?.();
    return true;
  }
}

/** A body that raw-body reads, from a stream of its own: that one can be ended, while the sender shall hear the answer. */
class LongBody {
  /** All of it; rejects with `body_too_large`, or with what went wrong. */
  readonly whole: Promise<Buffer>;
  private readonly source = new PassThrough();

  constructor(
    declared: number,
    limitBytes: number,
    private readonly held: Keeping['held'],
  ) {
    this.whole = readWhole(this.source, Number.isNaN(declared) ? null : declared, limitBytes);
  }

  /** Takes a chunk in. Throws `overloaded` where there is no room. */
  add(chunk: Buffer | string): void {
    this.held?.grow(chunk.length + CHUNK_BYTES);
    this.source.write(chunk);
  }

  /** There are no more. */
  end(): void {
    this.source.end();
  }

  /** Lets go of it. */
  forget(): void {
    this.source.destroy();
  }
}

async function readWhole(
  source: PassThrough,
  length: number | null,
  limit: number,
): Promise<Buffer> {
  try {
    // Loaded for the first long body: most kits never get one.
    const { default: getRawBody } = await import('raw-body');
    return await getRawBody(source, { length, limit });
  } catch (error) {
    const type: unknown = Reflect.get(Object(error), 'type');
    throw type === 'entity.too.large' ? tooLarge(limit) : error;
  }
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
 * Whether exactly the announced bytes come: node's parser ends an HTTP/1 body there, and refuses a request that is
 * framed in two ways. Requests that a platform has put together from an event are complete from the start.
 */
function isFramedBy(stream: Readable, declared: number): boolean {
  return (
    declared > 0 &&
    Reflect.get(stream, 'httpVersionMajor') === 1 &&
    Reflect.get(stream, 'complete') === false
  );
}

/** Sets a stream going that was paused before it came to us; call it once its listeners are there. */
function startFlowing(stream: Readable): void {
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
function tooManyPieces(most: number): QBitFlowError {
  return new QBitFlowError('body_too_large', `the body comes in more than ${most} pieces`);
}

/** The body did not arrive in time. */
function tooSlow(timeoutMs: number): QBitFlowError {
  return new QBitFlowError('body_timeout', `the body did not arrive within ${timeoutMs} ms`);
}

/** The connection ended half-way. */
function aborted(cause: unknown): QBitFlowError {
  const message = 'the sender went away before its body was complete';
  return new QBitFlowError('body_aborted', message, { cause });
}
