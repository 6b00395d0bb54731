import { asError } from '@qbitflow/core';
import type { Machine } from '../machine.js';
import type { Deliver } from '../options.js';
import { scenarioNamed, type ScenarioRule, type ScenarioTools } from '../scenarios/index.js';
import type { SandboxEvent } from '../state/event-log.js';
import type { Session } from '../state/session.js';
import type { News } from '../wire/news.js';
import { logEvents, logInvented } from './log-events.js';
import { plainDelivery, type PlannedDelivery } from './planned-delivery.js';

/** Tells the merchant what happened to a session: logs its events and sends those that are wanted on their way. */
export function publish(machine: Machine, session: Session, ...news: readonly News[]): void {
  const rules = machine.scenarios.get().map(scenarioNamed);
  const wanted = generationsWanted(machine, rules);
  const events = logEvents(machine, session, news).filter(
    ({ version }) => wanted === 'both' || version === wanted,
  );
  const plan = events.flatMap((event) => planOf(machine, session, event));
  for (const delivery of withScenarios(machine, rules, plan)) setOut(machine, delivery);
}

function generationsWanted({ settings }: Machine, rules: readonly ScenarioRule[]): Deliver {
  return rules.some(({ bothGenerations }) => bothGenerations) ? 'both' : settings.deliver;
}

function planOf(machine: Machine, session: Session, event: SandboxEvent): PlannedDelivery[] {
  const { webhookUrl } = session.terms;
  const own = event.version === 'v1' && webhookUrl !== undefined ? new URL(webhookUrl) : undefined;
  const url = own ?? machine.target.get();
  if (url !== undefined) return [plainDelivery(event, url)];
  machine.settings.logger.warn({ type: event.type }, 'no webhook URL is set: only logged');
  return [];
}

function withScenarios(
  machine: Machine,
  rules: readonly ScenarioRule[],
  plan: readonly PlannedDelivery[],
): readonly PlannedDelivery[] {
  const tools: ScenarioTools = {
    random: machine.settings.random,
    invent: (like, body) => logInvented(machine, like, body),
  };
  return rules.reduce((rewritten, { rewrite }) => rewrite?.(rewritten, tools) ?? rewritten, plan);
}

function setOut({ courier, settings }: Machine, delivery: PlannedDelivery): void {
  courier.deliver(delivery).catch((error: unknown) => {
    settings.logger.error({ error: asError(error), type: delivery.event.type }, 'not delivered');
  });
}
