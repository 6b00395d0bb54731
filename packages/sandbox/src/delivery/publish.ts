import { QBitFlowError } from '@qbitflow/core';
import { misconfigured } from '../errors.js';
import { scenarioNamed, type ScenarioRule, type ScenarioTools } from '../faults/scenarios.js';
import type { Deliver } from '../options.js';
import type { Delivery, SandboxEvent } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, SessionEvent } from '../state/sessions.js';
import { webhookV1, type WebhookBody } from '../wire/bodies-v1.js';
import { envelope, eventV2, type EventBody } from '../wire/events-v2.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { deliver, plainDelivery, type PlannedDelivery } from './deliver.js';

/** Keeps a changed session and publishes what happened to it. */
export function report(
  state: SandboxState,
  session: Session,
  ...happened: readonly SessionEvent[]
): Session {
  state.sessions.save(session);
  publish(state, session, {
    v2: happened.flatMap((one) => eventV2(session, one) ?? []),
    v1: happened.flatMap((one) => webhookV1(session, one) ?? []),
  });
  return session;
}

/** What happened, as both generations word it. */
interface Bodies {
  readonly v2: readonly EventBody[];
  readonly v1: readonly WebhookBody[];
}

/** Logs what happened, to a session or to none, and sends the webhooks that are wanted. */
export function publish(state: SandboxState, session: Session | undefined, bodies: Bodies): void {
  const rules = state.switches.scenarios.map(scenarioNamed);
  const wanted = generationsWanted(state, rules);
  const events = logEvents(state, session?.uuid, bodies).filter(
    ({ version }) => wanted === 'both' || version === wanted,
  );
  const plan = events.flatMap((event) => planOf(state, session, event));
  for (const delivery of withScenarios(state, rules, plan)) sendInBackground(state, delivery);
}

function generationsWanted({ settings }: SandboxState, rules: readonly ScenarioRule[]): Deliver {
  return rules.some(({ bothGenerations }) => bothGenerations) ? 'both' : settings.deliver;
}

function planOf(
  state: SandboxState,
  session: Session | undefined,
  event: SandboxEvent,
): PlannedDelivery[] {
  const webhookUrl = session?.terms.webhookUrl;
  const own = event.version === 'v1' && webhookUrl !== undefined ? new URL(webhookUrl) : undefined;
  const url = own ?? state.switches.webhookUrl;
  if (url !== undefined) return [plainDelivery(event, url)];
  state.log('no_webhook_url', { type: event.type });
  return [];
}

function withScenarios(
  state: SandboxState,
  rules: readonly ScenarioRule[],
  plan: readonly PlannedDelivery[],
): readonly PlannedDelivery[] {
  const tools: ScenarioTools = {
    random: state.settings.random,
    invent: (like, body) => logInvented(state, like, body),
  };
  return rules.reduce((rewritten, { rewrite }) => rewrite?.(rewritten, tools) ?? rewritten, plan);
}

function sendInBackground(state: SandboxState, delivery: PlannedDelivery): void {
  deliver(state, delivery).catch((err: unknown) => {
    state.log('delivery_failed', { err, type: delivery.event.type });
  });
}

/** v2's events first. */
function logEvents(
  state: SandboxState,
  sessionUuid: string | undefined,
  { v2, v1 }: Bodies,
): SandboxEvent[] {
  return [
    ...v2.map((event) => logV2(state, sessionUuid, event)),
    ...v1.map(({ type, body }) => logV1(state, sessionUuid, type, body)),
  ];
}

/** An event of a scenario's invention, beside the one it goes with. */
function logInvented(state: SandboxState, like: SandboxEvent, body: JsonObject): SandboxEvent {
  const { sessionUuid, version } = like;
  if (version === 'v1') return logV1(state, sessionUuid, String(body['txType']), body);
  return logV2(state, sessionUuid, {
    type: String(body['type']),
    data: { ...Object(body['data']) },
  });
}

function logV2(
  { settings, ids, events, sessions }: SandboxState,
  sessionUuid: string | undefined,
  event: EventBody,
): SandboxEvent {
  const createdAt = settings.clock.now();
  const id = `evt_${ids.uuid()}`;
  const userUuid = sessions.find(sessionUuid ?? '')?.terms.userUuid;
  const text = JSON.stringify(envelope(id, event, createdAt, userUuid));
  const { type } = event;
  return events.add({ id, version: 'v2', type, text, createdAt, sessionUuid, userUuid });
}

function logV1(
  { settings, ids, events }: SandboxState,
  sessionUuid: string | undefined,
  type: string,
  body: JsonObject,
): SandboxEvent {
  const createdAt = settings.clock.now();
  const text = JSON.stringify(body);
  return events.add({
    id: `v1_${ids.uuid()}`,
    version: 'v1',
    type,
    text,
    createdAt,
    sessionUuid,
  });
}

/**
 * Sends a logged event once more, freshly signed and without any scenario's faults.
 * Throws `invalid_reference` for an id that is not in the log, `misconfigured` without a webhook URL.
 */
export async function redeliver(state: SandboxState, eventId: string): Promise<Delivery> {
  const event = state.events.find(eventId);
  if (event === undefined)
    throw new QBitFlowError('invalid_reference', `there is no event ${JSON.stringify(eventId)}`);
  return deliver(state, plainDelivery(event, targetOf(state, event)));
}

/**
 * Sends a logged event as if it had just happened, with the scenarios that are on. Resolves when it is accepted or given
 * up; without `retry` that is after its first attempt that no scenario spoils. Throws `misconfigured` without a webhook URL.
 */
export async function deliverEvent(
  state: SandboxState,
  event: SandboxEvent,
  retry: boolean,
): Promise<Delivery> {
  const rules = state.switches.scenarios.map(scenarioNamed);
  const own = plainDelivery(event, targetOf(state, event));
  const plan = withScenarios(state, rules, [own]);
  // By its place: of duplicates both are the same plan.
  const place = plan.findIndex((planned) => planned.event === event);
  const first = plan[place] ?? own;
  for (const other of plan.toSpliced(place, 1)) sendInBackground(state, other);
  const spoiled = Object.keys(first.firstAttempt).length > 0;
  return deliver(state, retry ? first : { ...first, retries: spoiled ? 1 : 0 });
}

/** Where an event goes. Throws `misconfigured` without a webhook URL. */
export function targetOf({ sessions, switches }: SandboxState, event: SandboxEvent): URL {
  const own = sessions.find(event.sessionUuid ?? '')?.terms.webhookUrl;
  const url = event.version === 'v1' && own !== undefined ? new URL(own) : switches.webhookUrl;
  if (url !== undefined) return url;
  throw misconfigured(
    'the sandbox has no webhook URL: start it with one (webhookUrl, --webhook) or set one',
  );
}

/**
 * Signs and sends a body of the caller's own making: an object with `version: 'v2'` as v2, any other as v1.
 * Text is sent as it stands. Throws `misconfigured` without a webhook URL or for text that is not JSON.
 */
export async function send(state: SandboxState, body: object | string): Promise<Delivery> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const event = state.events.add(eventOf(state, text));
  return redeliver(state, event.id);
}

function eventOf({ ids, settings }: SandboxState, text: string): SandboxEvent {
  const body = fieldsOf(text);
  const createdAt = settings.clock.now();
  const named = body['type'] ?? body['txType'];
  const type = typeof named === 'string' ? named : 'unknown';
  if (body['version'] !== 'v2')
    return { id: `v1_${ids.uuid()}`, version: 'v1', type, text, createdAt };
  const id = typeof body['id'] === 'string' ? body['id'] : `evt_${ids.uuid()}`;
  return { id, version: 'v2', type, text, createdAt };
}

function fieldsOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (cause) {
    throw new QBitFlowError('misconfigured', 'what is sent must be JSON', { cause });
  }
}
