import { DAY_MS } from '../time.js';

/** By how much the page's buttons move the clock. */
export const clockSteps: readonly { readonly name: string; readonly ms: number }[] = [
  { name: 'hour', ms: DAY_MS / 24 },
  { name: 'day', ms: DAY_MS },
  { name: 'week', ms: 7 * DAY_MS },
  { name: 'month', ms: 30 * DAY_MS },
  { name: 'year', ms: 365 * DAY_MS },
];
