import type { ScenarioRule } from './scenario-rule.js';

/** Twice QBitFlow's tolerance of 300 s. */
const SKEW_S = -600;

/** A replay: rightly signed, but long ago. */
export const stale: ScenarioRule = {
  summary: "the first attempt's timestamp is ten minutes old, the retry's is fresh",
  rewrite: (plan) =>
    plan.map((delivery) => ({
      ...delivery,
      firstAttempt: { ...delivery.firstAttempt, timestampSkewS: SKEW_S },
    })),
};
