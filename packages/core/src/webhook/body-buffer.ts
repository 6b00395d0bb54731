import { QBitFlowError } from '../errors.js';

/** A body as its bytes were received. */
export interface BytesBody {
  readonly kind: 'bytes';
  readonly bytes: Buffer;
}

/** What becomes of a body's bytes. */
export interface Keeping {
  /** Accounts for them until they are verified. */
  readonly held?: HeldBytes | undefined;
  /** They are counted and forgotten: the answer is known, and its sender shall hear it. */
  readonly discard?: boolean | undefined;
}

/** How much to gather. */
export interface GatherOptions extends Keeping {
  /** Its length as announced, `NaN` where it was not. */
  readonly declared: number;
  readonly bodyLimitBytes: number;
}

/** Room for the first of small chunks; each further room is twice as large as the one before. */
const FIRST_ROOM = 1_024;
const LARGEST_ROOM = 32_768;
const NO_ROOM = Buffer.alloc(0);

/**
 * A body as it arrives. A chunk is kept as it is where it fills the memory it stands in. Smaller ones are copied
 * together: each would keep an object alive, and on some platforms a whole buffer of a socket, so that crumbs would hold a
 * hundred times what they say.
 */
export class GatheredBytes {
  readonly #options: GatherOptions;
  /** A body may go on beyond what it announced. */
  readonly #most: number;
  /** The usual delivery is one piece, and has no list. */
  #first: Uint8Array | undefined;
  #further: Uint8Array[] | undefined;
  #arrived = 0;
  #room = NO_ROOM;
  #used = 0;

  constructor(options: GatherOptions) {
    const { declared, bodyLimitBytes } = options;
    this.#options = options;
    this.#most = declared <= bodyLimitBytes ? declared : bodyLimitBytes;
  }

  /** Takes a chunk in. Throws `body_too_large` when it goes beyond the limit, and `overloaded` where there is no room. */
  add(chunk: Uint8Array | string): void {
    const { declared, bodyLimitBytes, discard = false } = this.#options;
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
    this.#arrived += bytes.length;
    if (this.#arrived > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
    if (discard) return;
    // The usual delivery: all of it at once, and its end in the same moment.
    const isWhole = bytes.length === declared && this.#arrived === declared;
    if (isWhole || 2 * bytes.length > Math.max(bytes.buffer.byteLength, LARGEST_ROOM))
      this.#keep(bytes);
    else this.#copy(bytes);
  }

  /** Whether as much has arrived as was announced. */
  get isComplete(): boolean {
    return this.#arrived === this.#options.declared;
  }

  /** All that arrived. What stays in a store must not keep much more alive than itself. */
  whole(): Buffer {
    if (this.#used > 0) this.#push(this.#room.subarray(0, this.#used));
    const [first, further] = [this.#first, this.#further];
    if (first === undefined) return Buffer.alloc(0);
    if (further !== undefined) return Buffer.concat([first, ...further]);
    const isAlone = Buffer.isBuffer(first) && first.buffer.byteLength <= 2 * first.length;
    return isAlone ? first : Buffer.from(first);
  }

  /** Lets go of it. */
  forget(): void {
    this.#first = undefined;
    this.#further = undefined;
    this.#room = NO_ROOM;
    this.#used = 0;
  }

  #keep(chunk: Uint8Array): void {
    this.#options.held?.grow(chunk.buffer.byteLength);
    this.#closeRoom(0);
    this.#push(chunk);
  }

  #push(piece: Uint8Array): void {
    if (this.#first === undefined) this.#first = piece;
    else if (this.#further === undefined) this.#further = [piece];
    else this.#further.push(piece);
  }

  #copy(chunk: Uint8Array): void {
    if (chunk.length > this.#room.length - this.#used) {
      const left = this.#most - (this.#arrived - chunk.length);
      const size = Math.min(Math.max(FIRST_ROOM, 2 * this.#room.length), LARGEST_ROOM, left);
      this.#closeRoom(Math.max(size, chunk.length));
    }
    this.#room.set(chunk, this.#used);
    this.#used += chunk.length;
  }

  /** Goes on in another room of this size. */
  #closeRoom(size: number): void {
    if (size > 0) this.#options.held?.grow(size);
    if (this.#used > 0) this.#push(this.#room.subarray(0, this.#used));
    this.#room = size === 0 ? NO_ROOM : Buffer.allocUnsafeSlow(size);
    this.#used = 0;
  }
}

/** Reads a body, until it is told to stop. */
export interface Reading {
  giveUp(): void;
}

/** What all bodies that are not verified yet hold together, kept within a limit. */
export class UnverifiedBytes {
  readonly #limit: number;
  /** Those that are still being sent, the oldest first: each names its neighbours, since a map would churn. */
  #oldest: HeldBytes | undefined;
  #newest: HeldBytes | undefined;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** A body that holds nothing yet. */
  open(): HeldBytes {
    return new HeldBytes(this);
  }

  /** Bytes held now. */
  get used(): number {
    return this.#used;
  }

  /** A body is being sent. */
  reading(body: HeldBytes): void {
    body.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = body;
    else this.#newest.newer = body;
    this.#newest = body;
  }

  /** It is not being sent any more. */
  arrived(body: HeldBytes): void {
    const { older, newer } = body;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    body.older = undefined;
    body.newer = undefined;
  }

  /** Takes more room, or with a negative number less. Throws `overloaded` where there is none and no body is being sent. */
  grow(bytes: number): void {
    this.#used += bytes;
    if (bytes > 0 && this.#used > this.#limit) this.#makeRoom();
  }

  #makeRoom(): void {
    while (this.#oldest !== undefined && this.#used > this.#limit) this.#oldest.giveUp();
    if (this.#used > this.#limit) throw overloaded();
  }
}

/** What one body holds, from its first byte until its signature has been checked. */
export class HeldBytes {
  /** Its neighbours among those being sent, which {@link UnverifiedBytes} alone sets. */
  older: HeldBytes | undefined;
  newer: HeldBytes | undefined;
  readonly #all: UnverifiedBytes;
  #reading: Reading | undefined;
  #held = 0;

  constructor(all: UnverifiedBytes) {
    this.#all = all;
  }

  /** It is being sent, and is given up when its room is needed. */
  reading(reading: Reading): void {
    this.#reading = reading;
    this.#all.reading(this);
  }

  /**
   * Takes more room. Where there is none, bodies that are still being sent make it, the one that began first before all
   * others: that may be this one. A genuine delivery arrives within a moment, so unknown senders push each other out and not
   * it. Throws `overloaded` where no body is being sent.
   */
  grow(bytes: number): void {
    this.#held += bytes;
    this.#all.grow(bytes);
  }

  /** It has arrived whole: its room is not taken any more. */
  arrived(): void {
    if (this.#reading === undefined) return;
    this.#reading = undefined;
    this.#all.arrived(this);
  }

  /** Its room is needed for others. */
  giveUp(): void {
    const reading = this.#reading;
    this.release();
    reading?.giveUp();
  }

  /** Gives back all it holds. It may be called more than once. */
  release(): void {
    this.arrived();
    const held = this.#held;
    this.#held = 0;
    if (held > 0) this.#all.grow(-held);
  }
}

/** The body is over the limit. */
export function tooLarge(limitBytes: number): QBitFlowError {
  return new QBitFlowError('body_too_large', `the body is larger than ${limitBytes} bytes`);
}

/** So much is being received that a body had to make room for others. */
export function overloaded(): QBitFlowError {
  const message =
    'more unverified bodies are being sent at once than this kit holds: one that took long was given up, its sender may come again. Many of these mean that unknown senders send bodies they never finish';
  return new QBitFlowError('overloaded', message);
}
