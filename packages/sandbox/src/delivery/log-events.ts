import type { Machine } from '../machine.js';
import type { SandboxEvent } from '../state/event-log.js';
import type { Session } from '../state/session.js';
import type { JsonObject } from '../wire/cast.js';
import type { News } from '../wire/news.js';
import { webhookV1 } from '../wire/v1/webhooks.js';
import { envelope, eventV2 } from '../wire/v2/envelopes.js';

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
