import { overloaded } from './body-errors.js';

/** What all bodies that nobody has vouched for hold together, kept within a limit. */
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
   * others: that may be this one. A genuine delivery arrives within a moment, so strangers push each other out and not
   * it. Throws `overloaded` where no body is being sent.
   */
  grow(bytes: number): void;
  /** It has arrived whole: nobody takes its room any more. */
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
