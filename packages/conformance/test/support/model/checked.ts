import { QBitFlowError } from '@qbitflow/core';

const YEAR_MS = 31_536_000_000;

function checked(name: string, ms: number): number {
  if (ms <= 10 * YEAR_MS && ms >= -YEAR_MS) return Math.max(0, ms);
  throw new QBitFlowError(
    'misconfigured',
    `${name} is ${ms}: give milliseconds, ten years at most`,
  );
}

/** A wait that means something; a negative one is none. */
export const checkedDelayMs = (ms: number): number => checked('delayMs', ms);

/** A lease that means something. */
export const checkedLeaseMs = (ms: number): number => checked('leaseMs', ms);
