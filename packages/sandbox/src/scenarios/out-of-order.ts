import type { ScenarioRule } from './scenario-rule.js';

const STEP_MS = 150;
const SPREAD_MS = 500;

/** What happened last is told first, and one payment's news overtakes another's. */
export const outOfOrder: ScenarioRule = {
  summary: 'the last event comes first, and payments overtake one another',
  rewrite(plan, { random }) {
    const heldBackMs = Math.floor(random() * SPREAD_MS);
    return plan.map((delivery, index) => ({
      ...delivery,
      delayMs: delivery.delayMs + heldBackMs + (plan.length - 1 - index) * STEP_MS,
    }));
  },
};
