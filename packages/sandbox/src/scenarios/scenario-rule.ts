import type { PlannedDelivery } from '../delivery/planned-delivery.js';
import type { SandboxEvent } from '../state/event-log.js';

/** What a scenario may draw on. */
export interface ScenarioTools {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Logs an event made after another one, with a body of its own, and gives it back. */
  readonly invent: (like: SandboxEvent, body: Readonly<Record<string, unknown>>) => SandboxEvent;
}

/** One thing that can go wrong, as a rewriting of the deliveries that some news would cause. */
export interface ScenarioRule {
  /** One line for people. */
  readonly summary: string;
  /** Sends both generations' webhooks, whatever `deliver` says. */
  readonly bothGenerations?: true;
  readonly rewrite?: (
    plan: readonly PlannedDelivery[],
    tools: ScenarioTools,
  ) => readonly PlannedDelivery[];
}
