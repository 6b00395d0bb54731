import { QBitFlowError, asError } from '@qbitflow/core';
import { type PlannedDelivery, plainDelivery } from './deliver.js';
import { type ScenarioRule, type ScenarioTools, scenarioNamed } from '../faults/scenarios.js';
import type { Deliver } from '../options.js';
import type { Delivery, SandboxEvent } from '../state/events.js';
import type { Machine } from '../state/sandbox-state.js';
import type { News, Session } from '../state/sessions.js';
import { webhookV1 } from '../wire/bodies-v1.js';
import { envelope, eventV2 } from '../wire/bodies-v2.js';
import type { JsonObject } from '../wire/demo-data.js';

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

/** Words some news in both generations and logs it, v2 first. Which of them is sent is decided elsewhere. */
export function logEvents(
  machine: Machine,
  session: Session,
  news: readonly News[],
): SandboxEvent[] {
  const of = { sessionUuid: session.uuid };
  return [
    ...news
      .flatMap((one) => eventV2(session, one) ?? [])
      .map(({ type, data }) => logV2(machine, { ...of, type, data })),
    ...news
      .map((one) => webhookV1(session, one))
      .map(({ type, body }) => logV1(machine, { ...of, type, body })),
  ];
}

/** Logs an event of a scenario's invention beside the one it goes with. */
export function logInvented(machine: Machine, like: SandboxEvent, body: JsonObject): SandboxEvent {
  const { sessionUuid, version } = like;
  if (version === 'v1') return logV1(machine, { sessionUuid, type: String(body['txType']), body });
  return logV2(machine, {
    sessionUuid,
    type: String(body['type']),
    data: { ...objectOf(body['data']) },
  });
}

interface Facts {
  readonly sessionUuid: string | undefined;
  readonly type: string;
}

function logV2(machine: Machine, facts: Facts & { readonly data: JsonObject }): SandboxEvent {
  const { sessionUuid, type, data } = facts;
  const createdAt = machine.settings.clock.now();
  const id = `evt_${machine.ids.uuid()}`;
  const text = JSON.stringify(envelope(id, { type, data }, createdAt));
  return log(machine, { id, version: 'v2', type, text, createdAt, sessionUuid });
}

function logV1(machine: Machine, facts: Facts & { readonly body: JsonObject }): SandboxEvent {
  const { sessionUuid, type, body } = facts;
  const createdAt = machine.settings.clock.now();
  const text = JSON.stringify(body);
  return log(machine, {
    id: `v1_${machine.ids.uuid()}`,
    version: 'v1',
    type,
    text,
    createdAt,
    sessionUuid,
  });
}

function log({ events }: Machine, event: SandboxEvent): SandboxEvent {
  events.add(event);
  return event;
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/**
 * Sends a logged event once more, freshly signed and without any scenario's mischief.
 * Throws `invalid_reference` for an id that is not in the log, `misconfigured` without a webhook URL.
 */
export async function redeliver(machine: Machine, eventId: string): Promise<Delivery> {
  const event = machine.events.find(eventId);
  if (event === undefined)
    throw new QBitFlowError('invalid_reference', `there is no event ${JSON.stringify(eventId)}`);
  return machine.courier.deliver(plainDelivery(event, targetOf(machine, event)));
}

function targetOf({ sessions, target }: Machine, event: SandboxEvent): URL {
  const own = sessions.find(event.sessionUuid ?? '')?.terms.webhookUrl;
  const url = event.version === 'v1' && own !== undefined ? new URL(own) : target.get();
  if (url !== undefined) return url;
  throw new QBitFlowError(
    'misconfigured',
    'the sandbox has no webhook URL: start it with one (webhookUrl, --webhook) or set one',
  );
}

/**
 * Signs and sends a body of the caller's own making: an object with `version: 'v2'` as v2, any other as v1.
 * Text is sent as it stands. Throws `misconfigured` without a webhook URL or for text that is not JSON.
 */
export async function send(machine: Machine, body: object | string): Promise<Delivery> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const event = eventOf(machine, text);
  machine.events.add(event);
  return redeliver(machine, event.id);
}

function eventOf({ ids, settings }: Machine, text: string): SandboxEvent {
  const body = fieldsOf(text);
  const createdAt = settings.clock.now();
  const named = body['type'] ?? body['txType'];
  const type = typeof named === 'string' ? named : 'unknown';
  if (body['version'] !== 'v2')
    return { id: `v1_${ids.uuid()}`, version: 'v1', type, text, createdAt };
  const id = typeof body['id'] === 'string' ? body['id'] : `evt_${ids.uuid()}`;
  return { id, version: 'v2', type, text, createdAt };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch (cause) {
    throw new QBitFlowError('misconfigured', 'what is sent must be JSON', { cause });
  }
}
