import {
  type IdentifyingFields,
  keyOf,
  keyOfUnknown,
  ownIdOf,
  subjectOf,
} from '../../event/keys.js';
import type { WebhookEvent } from '../../event/types.js';
import { asError } from '../../errors.js';
import { fingerprint, isJsonObject, type JsonObject } from '../json.js';
import { jsonTypeOf, type ParseResult, problemOf, unreadable } from '../parse-result.js';
import { V2_DATA_SCHEMAS, type V2Envelope, type V2EventType } from './schemas.js';

/** A Map, because `type` comes from outside: an object would also know `constructor` and `__proto__`. */
const SCHEMAS: ReadonlyMap<string, (typeof V2_DATA_SCHEMAS)[V2EventType]> = new Map(
  Object.entries(V2_DATA_SCHEMAS),
);

const WITHOUT_UUID: ReadonlySet<string> = new Set([
  'member.joined',
  'member.removed',
  'webhook.test',
]);

/** The envelope's fields, their JSON type, and whether they may be missing. */
const ENVELOPE_FIELDS = [
  ['id', 'string', false],
  ['type', 'string', false],
  ['version', 'string', true],
  ['createdAt', 'string', true],
  ['test', 'boolean', true],
  ['userUuid', 'string', true],
] as const;

/**
 * Reads a v2 envelope. A type newer than this kit gives an event of type `unknown`; a known type whose `data` has a
 * field of the wrong JSON type is unreadable. Nothing is converted: `event.raw` is `value` itself.
 */
export function v2ToEvent(value: unknown): ParseResult {
  if (!isJsonObject(value)) return unreadable(`body: expected object, got ${jsonTypeOf(value)}`);
  if (!isEnvelope(value)) return unreadable(problemOfEnvelope(value));
  const schema = SCHEMAS.get(value.type);
  if (schema === undefined) return finish(value, 'unknown', value.data);
  const data = value.data ?? {};
  const checked = schema.safeParse(data);
  if (!checked.success) return unreadable(problemOf(checked.error.issues, data, 'data'));
  return finish(value, value.type, withUuid(value.type, data));
}

function isEnvelope(value: JsonObject): value is JsonObject & V2Envelope {
  return ENVELOPE_FIELDS.every((field) => fits(value, field));
}

function fits(
  value: JsonObject,
  [field, expected, optional]: (typeof ENVELOPE_FIELDS)[number],
): boolean {
  const found = value[field];
  return typeof found === expected || (optional && (found === undefined || found === null));
}

function problemOfEnvelope(value: JsonObject): string {
  const wrong = ENVELOPE_FIELDS.find((field) => !fits(value, field));
  return wrong === undefined
    ? 'body: not an envelope'
    : `${wrong[0]}: expected ${wrong[1]}, got ${jsonTypeOf(value[wrong[0]])}`;
}

/** The schemas let the id be absent, the types promise a string: '' stands for an id the server left out. */
function withUuid(type: string, data: unknown): unknown {
  if (WITHOUT_UUID.has(type) || !isJsonObject(data) || typeof data['uuid'] === 'string')
    return data;
  return { ...data, uuid: '' };
}

function finish(envelope: V2Envelope, type: string, data: unknown): ParseResult {
  const identifying = isJsonObject(data) ? data : {};
  let key: string;
  try {
    key = keyOfEnvelope(envelope, type, identifying);
  } catch (error) {
    return unreadable(asError(error).message);
  }
  const event = {
    id: envelope.id || key,
    key,
    subject: subjectOf(envelope.type, identifying, key),
    createdAt: envelope.createdAt ?? undefined,
    test: envelope.test ?? undefined,
    userUuid: envelope.userUuid ?? undefined,
    version: 'v2',
    raw: envelope,
    type,
    data,
  };
  const known = type === 'unknown' ? { ...event, sentType: envelope.type } : event;
  // The table has matched `data` with `type`; type tests hold the schemas to event/data.ts.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ok: true, event: known as WebhookEvent };
}

/** Throws for a body that would need a fingerprint and is too deep for one. */
function keyOfEnvelope(envelope: V2Envelope, type: string, data: IdentifyingFields): string {
  if (type === 'unknown')
    return keyOfUnknown(envelope.type, envelope.id === '' ? fingerprint(envelope) : envelope.id);
  const isNamed = envelope.id !== '' || ownIdOf(type, data) !== '';
  return keyOf(type, data, isNamed ? envelope.id : fingerprint(envelope));
}
