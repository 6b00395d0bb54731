import type { ScenarioRule } from './scenario-rule.js';

/** The merchant has recorded and answered, and QBitFlow never learns of it. */
export const droppedAnswer: ScenarioRule = {
  summary: "the first attempt's answer is lost on the way, so the event comes again",
  rewrite: (plan) =>
    plan.map((delivery) => ({
      ...delivery,
      firstAttempt: { ...delivery.firstAttempt, dropAnswer: true },
    })),
};
