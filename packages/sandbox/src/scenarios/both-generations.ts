import type { ScenarioRule } from './scenario-rule.js';

/** An account in the middle of its move from v1 to v2. */
export const bothGenerations: ScenarioRule = {
  summary: 'v1 and v2 both report every payment',
  bothGenerations: true,
};
