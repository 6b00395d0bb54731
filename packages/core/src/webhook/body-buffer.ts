import { QBitFlowError } from '../errors.js';

/** A body as it arrives. */
export interface GatheredBytes {
  /** Takes a chunk in. Throws `body_too_large` when it goes beyond the limit, and `overloaded` where there is no room. */
  readonly add: (chunk: Uint8Array | string) => void;
  /** All that arrived, in memory of its own. */
  whole(): Buffer;
  /** Lets go of it. */
  readonly forget: () => void;
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
 * Nothing has arrived yet. A chunk is kept as it is where it fills the memory it stands in. Smaller ones are copied
 * together: each would keep an object alive, and on some platforms a whole buffer of a socket, so that crumbs would hold a
 * hundred times what they say.
 */
export function createGatheredBytes({
  declared,
  bodyLimitBytes,
  held,
  discard = false,
}: GatherOptions): GatheredBytes {
  /** A body may go on beyond what it announced. */
  const most = declared <= bodyLimitBytes ? declared : bodyLimitBytes;
  let pieces: Uint8Array[] = [];
  let arrived = 0;
  let room = NO_ROOM;
  let used = 0;

  function keep(chunk: Uint8Array): void {
    held?.grow(chunk.buffer.byteLength);
    closeRoom(0);
    pieces.push(chunk);
  }

  function copy(chunk: Uint8Array): void {
    if (chunk.length > room.length - used) {
      const left = most - (arrived - chunk.length);
      const size = Math.min(Math.max(FIRST_ROOM, 2 * room.length), LARGEST_ROOM, left);
      closeRoom(Math.max(size, chunk.length));
    }
    room.set(chunk, used);
    used += chunk.length;
  }

  /** Goes on in another room of this size. */
  function closeRoom(size: number): void {
    if (size > 0) held?.grow(size);
    if (used > 0) pieces.push(room.subarray(0, used));
    room = size === 0 ? NO_ROOM : Buffer.allocUnsafeSlow(size);
    used = 0;
  }

  return {
    add(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
      arrived += bytes.length;
      if (arrived > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
      if (discard) return;
      // The usual delivery: all of it at once, and its end in the same moment.
      const isWhole = bytes.length === declared && arrived === declared;
      if (isWhole || 2 * bytes.length > Math.max(bytes.buffer.byteLength, LARGEST_ROOM))
        keep(bytes);
      else copy(bytes);
    },
    whole() {
      if (used > 0) pieces.push(room.subarray(0, used));
      // Always a copy: what stays in a store must not keep more alive than itself.
      return Buffer.concat(pieces);
    },
    forget() {
      pieces = [];
      room = NO_ROOM;
      used = 0;
    },
  };
}

/** What all bodies that are not verified yet hold together, kept within a limit. */
export interface UnverifiedBytes {
  /** A body that holds nothing yet. */
  open(): HeldBytes;
  /** Bytes held now. */
  readonly used: number;
}

/** What one body holds, from its first byte until its signature has been checked. */
export interface HeldBytes {
  /** Says how to end reading it, for when its room is needed. */
  reading(giveUp: () => void): void;
  /**
   * Takes more room. Where there is none, bodies that are still being sent make it, the one that began first before all
   * others: that may be this one. A genuine delivery arrives within a moment, so unknown senders push each other out and not
   * it. Throws `overloaded` where no body is being sent.
   */
  grow(bytes: number): void;
  /** It has arrived whole: its room is not taken any more. */
  arrived(): void;
  /** Gives back all it holds. It may be called more than once. */
  release(): void;
}

/** Nothing is held yet. */
export function createUnverifiedBytes(limit: number): UnverifiedBytes {
  /** Those still being sent, the oldest first. */
  const sending = new Map<HeldBytes, () => void>();
  let used = 0;

  function makeRoom(): void {
    for (const [oldest, giveUp] of sending) {
      if (used <= limit) return;
      oldest.release();
      giveUp();
    }
    if (used > limit) throw overloaded();
  }

  function open(): HeldBytes {
    let held = 0;
    const body: HeldBytes = {
      reading(giveUp) {
        sending.set(body, giveUp);
      },
      grow(bytes) {
        held += bytes;
        used += bytes;
        if (used > limit) makeRoom();
      },
      arrived() {
        sending.delete(body);
      },
      release() {
        sending.delete(body);
        used -= held;
        held = 0;
      },
    };
    return body;
  }

  return {
    open,
    get used() {
      return used;
    },
  };
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
