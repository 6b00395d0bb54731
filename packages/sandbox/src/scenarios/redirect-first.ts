import type { ScenarioRule } from './scenario-rule.js';

const LAG_MS = 1_500;

/** The customer is back at the shop before the webhook is. */
export const redirectFirst: ScenarioRule = {
  summary: `webhooks set out ${LAG_MS} ms after the customer is sent back`,
  rewrite: (plan) => plan.map((delivery) => ({ ...delivery, delayMs: delivery.delayMs + LAG_MS })),
};
