import { QBitFlowError } from '@qbitflow/core';
import { bothGenerations } from './both-generations.js';
import { droppedAnswer } from './dropped-answer.js';
import { duplicate } from './duplicate.js';
import { futureType } from './future-type.js';
import { outOfOrder } from './out-of-order.js';
import { redirectFirst } from './redirect-first.js';
import type { ScenarioRule } from './scenario-rule.js';
import { slowBody } from './slow-body.js';
import { stale } from './stale.js';
import { wrongSecret } from './wrong-secret.js';

export type { ScenarioRule, ScenarioTools } from './scenario-rule.js';

const RULES = {
  duplicate,
  'out-of-order': outOfOrder,
  'redirect-first': redirectFirst,
  'wrong-secret': wrongSecret,
  stale,
  'dropped-answer': droppedAnswer,
  'both-generations': bothGenerations,
  'future-type': futureType,
  'slow-body': slowBody,
} as const satisfies Record<string, ScenarioRule>;

/** The name of something that can go wrong. */
export type Scenario = keyof typeof RULES;

/** Every scenario with its one-line summary. */
export const scenarioSummaries: readonly { readonly name: string; readonly summary: string }[] =
  Object.entries(RULES).map(([name, { summary }]) => ({ name, summary }));

/** Whether `name` is a scenario. */
export function isScenario(name: string): name is Scenario {
  return Object.hasOwn(RULES, name);
}

/** The scenarios of some names, each once. Throws `misconfigured`, listing the known names, for an unknown one. */
export function scenariosNamed(names: readonly string[]): readonly Scenario[] {
  for (const name of names) scenarioNamed(name);
  return [...new Set(names)].filter(isScenario);
}

/** The rule of a scenario. Throws `misconfigured`, listing the known names, when there is none. */
export function scenarioNamed(name: string): ScenarioRule {
  if (isScenario(name)) return RULES[name];
  throw new QBitFlowError(
    'misconfigured',
    `there is no scenario ${JSON.stringify(name)}: choose from ${Object.keys(RULES).join(', ')}`,
  );
}
