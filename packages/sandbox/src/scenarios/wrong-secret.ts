import type { ScenarioRule } from './scenario-rule.js';

/** A forgery, which must be refused; the genuine retry after it must not. */
export const wrongSecret: ScenarioRule = {
  summary: "the first attempt is signed with a stranger's secret, the retry is genuine",
  rewrite: (plan) =>
    plan.map((delivery) => ({
      ...delivery,
      firstAttempt: { ...delivery.firstAttempt, secret: 'whsec_of_a_stranger' },
    })),
};
