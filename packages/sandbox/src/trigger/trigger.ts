import { deliverEvent, targetOf } from '../delivery/publish.js';
import type { Delivery, Generation, SandboxEvent } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { setFields, type FieldChanges } from './set-fields.js';
import { triggerTypeNamed, type TriggeredBody, type TriggerType } from './trigger-types.js';

/** What {@link Sandbox.trigger} may be told beside the type. */
export interface TriggerOptions {
  /** @default 'v2' where both generations have the type */
  readonly version?: Generation | undefined;
  /** Fields of the body to set, by dotted path: `{ 'data.reference': 'order-1' }`. */
  readonly set?: FieldChanges | undefined;
  /** Whether a delivery that is not accepted is sent again. @default true */
  readonly retry?: boolean | undefined;
}

/** A webhook that is ready to be sent; nothing is kept of it yet. */
export interface PreparedTrigger {
  readonly event: SandboxEvent;
  readonly session?: Session | undefined;
}

/** Makes the webhook of a type up. Throws `misconfigured` for an unknown type and for a path that cannot be set. */
export function prepareTrigger(
  state: SandboxState,
  type: string,
  { version, set = {} }: TriggerOptions = {},
): PreparedTrigger {
  const row = triggerTypeNamed(type, version);
  const { session, body } = row.make(state);
  return { session, event: eventOf(state, row, { session, body: setFields(body, set) }) };
}

/**
 * Sends it as if it had happened, with the scenarios that are on. Its session is there afterwards, as the webhook says it
 * stands. Throws `misconfigured` without a webhook URL, before anything is kept.
 */
export async function sendTrigger(
  state: SandboxState,
  { event, session }: PreparedTrigger,
  { retry = true }: TriggerOptions = {},
): Promise<Delivery> {
  targetOf(state, event);
  if (session !== undefined) state.sessions.save(session);
  return deliverEvent(state, state.events.add(event), retry);
}

function eventOf(state: SandboxState, row: TriggerType, made: TriggeredBody): SandboxEvent {
  const { ids, settings } = state;
  const { session, body } = made;
  return {
    id: row.version === 'v2' ? textIn(body, 'id') : `v1_${ids.uuid()}`,
    version: row.version,
    type: row.version === 'v2' ? textIn(body, 'type') : row.name,
    text: JSON.stringify(body),
    createdAt: settings.clock.now(),
    ...(session === undefined ? {} : { sessionUuid: session.uuid }),
  };
}

/** A field that may have been set to anything. */
function textIn(body: JsonObject, field: string): string {
  const value = body[field];
  return typeof value === 'string' ? value : `unreadable ${field}`;
}
