import type { ScenarioRule } from './scenario-rule.js';

const PAUSE_MS = 150;

/** A thin line: the headers are there long before the last byte of the body. */
export const slowBody: ScenarioRule = {
  summary: 'bodies arrive in four pieces with pauses between them',
  rewrite: (plan) =>
    plan.map((delivery) => ({
      ...delivery,
      everyAttempt: { ...delivery.everyAttempt, bodyPauseMs: PAUSE_MS },
    })),
};
