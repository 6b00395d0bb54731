import type { HeldBytes } from './unverified-bytes.js';

/** A body as it arrives. */
export interface GatheredBytes {
  /** Takes a chunk in; `false` when it goes beyond the limit. Throws `overloaded` where there is no room. */
  add(chunk: Uint8Array | string): boolean;
  /** All that arrived, in memory of its own. */
  whole(): Buffer;
}

/** What becomes of a body's bytes. */
export interface Keeping {
  /** Accounts for them while nobody has vouched for them. */
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

/** Room for a body that turns out to come in pieces. */
const FIRST_ROOM = 4_096;

/**
 * Nothing has arrived yet. Chunks are copied together as they come: each is a slice of a socket's buffer, which it would
 * keep alive whole, and an object besides, so that crumbs would hold a hundred times what they say. Only a chunk that is
 * the whole body, as usual, is left as it is until it is asked for.
 */
export function createGatheredBytes({
  declared,
  bodyLimitBytes,
  held,
  discard = false,
}: GatherOptions): GatheredBytes {
  const most = declared <= bodyLimitBytes ? declared : bodyLimitBytes;
  let only: Uint8Array | undefined;
  let room: Buffer | undefined;
  let used = 0;

  function makeRoom(): Buffer {
    const size = room?.length ?? 0;
    // A body may go on beyond what it announced.
    const wanted = Math.max(used, Math.min(most, Math.max(2 * size, FIRST_ROOM)));
    if (room !== undefined && used <= size) return room;
    held?.grow(wanted - size);
    const larger = Buffer.allocUnsafeSlow(wanted);
    if (room !== undefined) larger.set(room);
    room = larger;
    return larger;
  }

  function put(bytes: Uint8Array): void {
    const at = used;
    used += bytes.length;
    makeRoom().set(bytes, at);
  }

  return {
    add(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
      if (used + bytes.length > bodyLimitBytes) return false;
      if (discard) {
        used += bytes.length;
        return true;
      }
      if (used === 0 && bytes.length === declared) {
        held?.grow(bytes.length);
        only = bytes;
        used = bytes.length;
        return true;
      }
      if (only !== undefined) {
        const first = only;
        only = undefined;
        used = 0;
        put(first);
      }
      put(bytes);
      return true;
    },
    whole() {
      if (only !== undefined) return Buffer.from(only);
      if (room === undefined) return Buffer.alloc(0);
      return used === room.length ? room : Buffer.from(room.subarray(0, used));
    },
  };
}
