import type * as z from 'zod';
import {
  type IdentifyingFields,
  keyOf,
  keyOfUnknown,
  ownIdOf,
  subjectOf,
} from '../../event/keys.js';
import { withoutNullReference } from '../../event/reference.js';
import { KNOWN_EVENT_TYPES, rowOf, type WebhookEvent } from '../../event/types.js';
import { asError } from '../../errors.js';
import { lazily } from '../../lazily.js';
import { fingerprint, isJsonObject, type JsonObject } from '../json.js';
import { jsonTypeOf, type ParseResult, problemOf, unreadable } from '../parse-result.js';
import { type QuickCheck, quickCheckOf } from '../quick-check.js';
import type { V2Envelope } from './schemas.js';

/** The envelope's fields, their JSON type, and whether they may be missing. */
const ENVELOPE_FIELDS = [
  ['id', 'string', false],
  ['type', 'string', false],
  ['version', 'string', true],
  ['createdAt', 'string', true],
  ['test', 'boolean', true],
  ['userUuid', 'string', true],
] as const;

/** What an event's data is held to. */
interface DataRules {
  readonly schema: z.ZodObject;
  readonly surelyFits: QuickCheck;
}

const DATA_RULES: ReadonlyMap<string, () => DataRules> = new Map(
  [...KNOWN_EVENT_TYPES].flatMap((type) => {
    const makeSchema = rowOf(type)?.schema;
    if (makeSchema === undefined) return [];
    const rules = lazily(() => {
      const schema = makeSchema();
      return { schema, surelyFits: quickCheckOf(schema) };
    });
    return [[type, rules]];
  }),
);

/**
 * Reads a v2 envelope. A type newer than this kit gives an event of type `unknown`; a known type whose `data` has a
 * field of the wrong JSON type is unreadable. Nothing is converted: `event.raw` is `value` itself.
 */
export function v2ToEvent(value: unknown): ParseResult {
  if (!isJsonObject(value)) return unreadable(`body: expected object, got ${jsonTypeOf(value)}`);
  if (!isEnvelope(value)) return unreadable(problemOfEnvelope(value));
  const rules = DATA_RULES.get(value.type)?.();
  if (rules === undefined) return buildEvent(value, 'unknown', value.data);
  const data = value.data ?? {};
  const checked = rules.surelyFits(data) ? undefined : rules.schema.safeParse(data);
  if (checked?.success === false) return unreadable(problemOf(checked.error.issues, data, 'data'));
  return buildEvent(value, value.type, withUuid(rules.schema, data));
}

/** Names at the top of v1's bodies that the envelope does not have. */
const NEVER_IN_ENVELOPE = ['subscriptionUUID', 'txType', 'session'];
/** What an envelope has beside its `type`; v1's subscription webhook, which has a `type` too, has none of it. */
const BESIDE_TYPE = ['id', 'version', 'createdAt'];

/** Whether a JSON-parsed body has the envelope's shape, however much of it is wrong. */
export function isV2Body(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'type')) return false;
  if (value['version'] === 'v2') return true;
  return hasAnyOf(value, BESIDE_TYPE) && !hasAnyOf(value, NEVER_IN_ENVELOPE);
}

function hasAnyOf(value: JsonObject, names: readonly string[]): boolean {
  return names.some((name) => Object.hasOwn(value, name));
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
function withUuid(schema: z.ZodObject, data: unknown): unknown {
  if (!('uuid' in schema.shape) || !isJsonObject(data) || typeof data['uuid'] === 'string')
    return data;
  return { ...data, uuid: '' };
}

function buildEvent(envelope: V2Envelope, type: string, data: unknown): ParseResult {
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
    data: type === 'unknown' ? data : withoutNullReference(data),
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
