import type { Clock } from '../clock.js';

/** How far the API's clock is ahead of ours, as its answers tell. */
export interface ClockLead {
  /** An answer said what time it is there: its `Date` header. */
  readonly observe: (date: string | null) => void;
  /** In ms; 0 for a clock that agrees, is behind, or is not known yet. */
  readonly ms: () => number;
}

/** `Date` counts whole seconds, and an answer takes its time. */
const AGREES_MS = 2_000;
/** Clocks that are further apart are not set for the same time at all: their difference says nothing. */
const NOT_COMPARABLE_MS = 3_600_000;

/** No answer observed yet. */
export function createClockLead(clock: Clock): ClockLead {
  let leadMs = 0;
  return {
    observe(date) {
      const lead = date === null ? Number.NaN : Date.parse(date) - clock.now();
      if (Number.isNaN(lead)) return;
      leadMs = lead > AGREES_MS && lead < NOT_COMPARABLE_MS ? lead : 0;
    },
    ms: () => leadMs,
  };
}
