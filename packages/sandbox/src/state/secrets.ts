import type { Clock } from '@qbitflow/core';

/** How long a secret still signs after its rotation, as at QBitFlow: 24 h, in ms. */
const GRACE_MS = 24 * 3_600_000;

/** The endpoint's signing secrets. */
export interface Secrets {
  /** The newest. */
  readonly current: () => string;
  /** All that sign now, the newest first. */
  readonly active: () => readonly string[];
  /** Makes `secret` the current one; the one before keeps signing for 24 hours. */
  readonly rotate: (secret: string) => void;
}

/** Starts with one secret. */
export function createSecrets(first: string, clock: Clock): Secrets {
  let current = first;
  let previous: { readonly secret: string; readonly until: number } | undefined;
  return {
    current: () => current,
    active: () =>
      previous !== undefined && clock.now() < previous.until
        ? [current, previous.secret]
        : [current],
    rotate(secret) {
      previous = { secret: current, until: clock.now() + GRACE_MS };
      current = secret;
    },
  };
}
