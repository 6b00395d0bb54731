import type { ScenarioRule } from './scenario-rule.js';

/** At least once means: sometimes twice, and at the same time. */
export const duplicate: ScenarioRule = {
  summary: 'every delivery comes twice at once',
  rewrite: (plan) => plan.flatMap((delivery) => [delivery, delivery]),
};
