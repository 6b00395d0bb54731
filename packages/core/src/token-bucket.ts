import type { Clock } from './clock.js';

/** How often something may happen: `perSecond` on average, up to `burst` at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A rate that is used up and comes back with time. */
export interface TokenBucket {
  take(): void;
  giveBack(): void;
  /** How long until there is one to take (ms); 0 when there is. */
  waitMs(): number;
}

/** A bucket that is full. */
export function createTokenBucket(clock: Clock, { perSecond, burst }: Rate): TokenBucket {
  let tokens = burst;
  let filledAt = clock.now();

  function fill(): void {
    const now = clock.now();
    // A clock that was set back gives nothing, and takes nothing.
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000);
    filledAt = now;
  }

  return {
    take() {
      fill();
      tokens -= 1;
    },
    giveBack() {
      tokens = Math.min(burst, tokens + 1);
    },
    waitMs() {
      fill();
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
  };
}
