import type { PlannedDelivery } from '../delivery/deliver.js';
import { unknownName } from '../errors.js';
import type { SandboxEvent } from '../state/events.js';

/** What a scenario may draw on. */
export interface ScenarioTools {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Logs an event made after another one, with a body of its own, and gives it back. */
  readonly invent: (like: SandboxEvent, body: Readonly<Record<string, unknown>>) => SandboxEvent;
}

/** One thing that can go wrong, as a rewriting of the deliveries that an event would cause. */
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

/** `out-of-order`: between two events of one payment, and how far payments are moved against one another, in ms. */
const STEP_MS = 150;
const SPREAD_MS = 500;
/** `redirect-first`, in ms. */
const LAG_MS = 1_500;
/** `stale`: twice QBitFlow's tolerance of 300 s. */
const SKEW_S = -600;
/** `slow-body`, in ms. */
const PAUSE_MS = 150;

const RULES = {
  // At least once means: sometimes twice, and at the same time.
  duplicate: {
    summary: 'every delivery comes twice at once',
    rewrite: (plan) => plan.flatMap((delivery) => [delivery, delivery]),
  },
  'out-of-order': {
    summary: 'the last event comes first, and payments overtake one another',
    rewrite(plan, { random }) {
      const heldBackMs = Math.floor(random() * SPREAD_MS);
      return plan.map((delivery, index) => ({
        ...delivery,
        delayMs: delivery.delayMs + heldBackMs + (plan.length - 1 - index) * STEP_MS,
      }));
    },
  },
  'redirect-first': {
    summary: `webhooks set out ${LAG_MS} ms after the customer is sent back`,
    rewrite: (plan) =>
      plan.map((delivery) => ({ ...delivery, delayMs: delivery.delayMs + LAG_MS })),
  },
  // A forgery, which must be refused; the genuine retry after it must not.
  'wrong-secret': {
    summary: 'the first attempt is signed with another secret, the retry is genuine',
    rewrite: (plan) => onFirstAttempt(plan, { secret: 'whsec_of_a_stranger' }),
  },
  // A replay: rightly signed, but long ago.
  stale: {
    summary: "the first attempt's timestamp is ten minutes old, the retry's is fresh",
    rewrite: (plan) => onFirstAttempt(plan, { timestampSkewS: SKEW_S }),
  },
  // The merchant has recorded and answered, and QBitFlow never learns of it.
  'dropped-answer': {
    summary: "the first attempt's answer is lost on the way, so the event comes again",
    rewrite: (plan) => onFirstAttempt(plan, { dropAnswer: true }),
  },
  // An account in the middle of its move from v1 to v2.
  'both-generations': {
    summary: 'v1 and v2 both report every payment',
    bothGenerations: true,
  },
  // QBitFlow has learned something that no receiver knows yet.
  'future-type': {
    summary: 'after every delivery comes another of a type that is not known yet',
    rewrite: (plan, tools) =>
      plan.flatMap((delivery) => [delivery, fromTheFuture(delivery, tools)]),
  },
  // The headers are there long before the last byte of the body.
  'slow-body': {
    summary: 'bodies arrive in four pieces with pauses between them',
    rewrite: (plan) =>
      plan.map((delivery) => ({
        ...delivery,
        everyAttempt: { ...delivery.everyAttempt, bodyPauseMs: PAUSE_MS },
      })),
  },
} as const satisfies Record<string, ScenarioRule>;

function onFirstAttempt(
  plan: readonly PlannedDelivery[],
  unusual: PlannedDelivery['firstAttempt'],
): readonly PlannedDelivery[] {
  return plan.map((delivery) => ({
    ...delivery,
    firstAttempt: { ...delivery.firstAttempt, ...unusual },
  }));
}

function fromTheFuture(delivery: PlannedDelivery, { invent }: ScenarioTools): PlannedDelivery {
  const { event } = delivery;
  const body =
    event.version === 'v2'
      ? { type: 'loyalty.pointsGranted', data: { sessionUuid: event.sessionUuid, points: 7 } }
      : { uuid: event.sessionUuid, txType: 'grantLoyaltyPoints', status: { status: 'glowing' } };
  return { ...delivery, event: invent(event, body) };
}

/** The name of something that can go wrong. */
export type Scenario = keyof typeof RULES;

/**
 * Every scenario with its one-line summary.
 * @example
 * ```js
 * import { scenarioSummaries } from '@qbitflow/sandbox';
 *
 * for (const [name, summary] of Object.entries(scenarioSummaries)) console.log(name, summary);
 * ```
 */
export const scenarioSummaries: readonly { readonly name: string; readonly summary: string }[] =
  Object.entries(RULES).map(([name, { summary }]) => ({ name, summary }));

/**
 * Whether `name` is a scenario. Never throws.
 * @example
 * ```js
 * import { isScenario } from '@qbitflow/sandbox';
 *
 * console.assert(isScenario('duplicate') && !isScenario('sunshine'));
 * ```
 */
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
  throw unknownName('scenario', name, Object.keys(RULES));
}
