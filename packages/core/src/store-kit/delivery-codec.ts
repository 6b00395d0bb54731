import { isArrayBuffer, isUint8Array } from 'node:util/types';
import { QBitFlowError } from '../errors.js';
import { GENERATION_NAMES } from '../protocol/generation.js';
import { type AttemptRecord, KEPT_ATTEMPTS } from '../store/attempt-record.js';
import type {
  DeliverySource,
  DeliveryState,
  LaterWebhook,
  NewDelivery,
  StoredDelivery,
  TakenDelivery,
} from '../store/durable-store.js';

/** Every state a delivery can be in. */
export const DELIVERY_STATES = [
  'due',
  'running',
  'done',
  'dead',
] as const satisfies readonly DeliveryState[];

const SOURCES = ['webhook', 'return', 'recovery'] as const satisfies readonly DeliverySource[];

/**
 * Some fields as a store's driver gives them. Texts may be bytes, numbers may be bigints or digits, headers and names
 * may be JSON, and a body that was not read is null or missing.
 */
type Fields<Name extends string> = Readonly<Record<Name, unknown>>;

/** A webhook's own facts as a store kept them. */
export type WebhookFields = Fields<'id' | 'version' | 'receivedAt' | 'headers' | 'raw'>;

/** What was recorded of a delivery, as a store kept it. */
export type RecordedFields = WebhookFields & Fields<'key' | 'subject' | 'type' | 'source'>;

/** A delivery as its taker gets it, as a store kept it. */
export type TakenFields = RecordedFields &
  Fields<'token' | 'started' | 'finished' | 'lapsed' | 'dueSince' | 'succeeded'>;

/** A delivery as an operator sees it, as a store kept it; `webhook` where one came after a look. */
export type StoredFields = RecordedFields &
  Fields<'state' | 'started' | 'finished' | 'succeeded' | 'recordedAt' | 'at' | 'lastError'> &
  Fields<'unhandled'> &
  Partial<Fields<'reference' | 'duplicates' | 'attempts' | 'holder' | 'leaseUntil'>> & {
    readonly webhook?: WebhookFields | undefined;
  };

/** A delivery as an operator sees it, from what a store kept. Throws `store_unavailable` where a field holds something else. */
export function readStored(fields: StoredFields): StoredDelivery {
  const { lastError, webhook, reference, duplicates, attempts, holder, leaseUntil } = fields;
  const state = readState(fields.state);
  const isHeld = state === 'running';
  return {
    ...readRecorded(fields),
    state,
    started: readNumber('started', fields.started),
    finished: readNumber('finished', fields.finished),
    succeeded: readNames('succeeded', fields.succeeded),
    recordedAt: readNumber('recordedAt', fields.recordedAt),
    at: readNumber('at', fields.at),
    ...(isNothing(lastError) ? {} : { lastError: readText('lastError', lastError) }),
    ...(readFlag('unhandled', fields.unhandled) ? { unhandled: true } : {}),
    ...(isNothing(reference) ? {} : { reference: readText('reference', reference) }),
    ...(isNothing(duplicates) ? {} : { duplicates: readNumber('duplicates', duplicates) }),
    ...(isNothing(attempts) ? {} : { attempts: readAttempts(attempts) }),
    ...(isHeld && !isNothing(holder) ? { holder: readText('holder', holder) } : {}),
    ...(isHeld && !isNothing(leaseUntil)
      ? { leaseUntil: readNumber('leaseUntil', leaseUntil) }
      : {}),
    ...(webhook === undefined ? {} : { webhook: readWebhook(webhook) }),
  };
}

/** A delivery as its taker gets it, with the body of the webhook that came later, where one did. Throws as `readStored`. */
export function readTaken(fields: TakenFields, later?: WebhookFields): TakenDelivery {
  return {
    ...readRecorded(fields),
    ...(later === undefined ? {} : readWebhook(later)),
    token: readText('token', fields.token),
    started: readNumber('started', fields.started),
    finished: readNumber('finished', fields.finished),
    lapsed: readFlag('lapsed', fields.lapsed),
    dueSince: readNumber('dueSince', fields.dueSince),
    succeeded: readNames('succeeded', fields.succeeded),
  };
}

function readRecorded(
  fields: RecordedFields,
): LaterWebhook & Pick<NewDelivery, 'key' | 'subject' | 'type' | 'source'> {
  return {
    key: readText('key', fields.key),
    subject: readText('subject', fields.subject),
    type: readText('type', fields.type),
    source: readWord('source', fields.source, SOURCES),
    ...readWebhook(fields),
  };
}

/** A webhook's own facts, from what a store kept. Throws as `readStored`. */
export function readWebhook(fields: WebhookFields): LaterWebhook {
  return {
    id: readText('id', fields.id),
    version: readWord('version', fields.version, GENERATION_NAMES),
    receivedAt: readNumber('receivedAt', fields.receivedAt),
    headers: readHeaders('headers', fields.headers),
    raw: readBytes('raw', fields.raw),
  };
}

/**
 * Attempts as a list or its JSON; the last `KEPT_ATTEMPTS`. One that is damaged is left out: history must not keep
 * an operator from the delivery itself.
 */
export function readAttempts(value: unknown): readonly AttemptRecord[] {
  let attempts: unknown = value;
  try {
    attempts = readJson('attempts', value);
  } catch {
    return [];
  }
  return Array.isArray(attempts) ? attempts.filter(isAttempt).slice(-KEPT_ATTEMPTS) : [];
}

const OUTCOMES = ['done', 'retried', 'dead', 'released'];

function isAttempt(value: unknown): value is AttemptRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { number, startedAt, durationMs, outcome, holder, handlers } = { ...NOTHING, ...value };
  return (
    [number, startedAt, durationMs].every(Number.isFinite) &&
    OUTCOMES.some((known) => known === outcome) &&
    isTextOrNothing(holder) &&
    Array.isArray(handlers) &&
    handlers.every(isHandlerRecord)
  );
}

function isHandlerRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { handler, durationMs, error, stack } = { ...NOTHING, ...value };
  return (
    typeof handler === 'string' &&
    Number.isFinite(durationMs) &&
    isTextOrNothing(error) &&
    isTextOrNothing(stack)
  );
}

const NOTHING: Readonly<Record<string, unknown>> = {};

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

/** The state a store kept. Throws as `readStored`. */
export function readState(value: unknown): DeliveryState {
  return readWord('state', value, DELIVERY_STATES);
}

/** A text, or its bytes. Throws as `readStored`. */
export function readText(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (isUint8Array(value)) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(value);
  throw unexpected(field, value);
}

/** A number, a bigint, or the text of one. Throws as `readStored`. */
export function readNumber(field: string, value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const text = readText(field, value);
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw unexpected(field, value);
}

/** One of a few words. Throws as `readStored`. */
export function readWord<Word extends string>(
  field: string,
  value: unknown,
  words: readonly Word[],
): Word {
  const text = readText(field, value);
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw unexpected(field, value);
  return word;
}

/** A list of names, or its JSON; none where there is nothing. Throws as `readStored`. */
export function readNames(field: string, value: unknown): readonly string[] {
  if (isNothing(value)) return [];
  const names: unknown = Array.isArray(value) ? value : readJson(field, value);
  if (!Array.isArray(names)) throw unexpected(field, value);
  return names.map((name) => readText(field, name));
}

/** Headers as an object, or its JSON. Throws as `readStored`. */
export function readHeaders(field: string, value: unknown): Readonly<Record<string, string>> {
  const headers: unknown = readJson(field, value);
  if (typeof headers !== 'object' || headers === null) throw unexpected(field, value);
  return Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)]));
}

/** Bytes as a plain `Uint8Array`; none where there is nothing. Throws as `readStored`. */
export function readBytes(field: string, value: unknown): Uint8Array {
  if (isNothing(value)) return new Uint8Array(0);
  if (isUint8Array(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (isArrayBuffer(value)) return new Uint8Array(value);
  throw unexpected(field, value);
}

/** How a delivery begins, and why where it is not due: dead on arrival, or done and unhandled. */
export function arrivalOf({ dead, unhandled }: NewDelivery): {
  readonly state: 'due' | 'dead' | 'done';
  readonly reason: string | undefined;
} {
  if (dead !== undefined) return { state: 'dead', reason: dead };
  return unhandled === undefined
    ? { state: 'due', reason: undefined }
    : { state: 'done', reason: unhandled };
}

const UNSTORABLE = /\0|\p{Surrogate}/u;
const ALL_UNSTORABLE = /\0|\p{Surrogate}/gu;

/** A text as every database can keep it: NUL characters, which end a text in some, and half surrogate pairs become U+FFFD. */
export function storableText(text: string): string {
  return UNSTORABLE.test(text) ? text.replace(ALL_UNSTORABLE, '\uFFFD') : text;
}

function readFlag(field: string, value: unknown): boolean {
  if (isNothing(value) || typeof value === 'boolean') return value === true;
  return readNumber(field, value) === 1;
}

function readJson(field: string, value: unknown): unknown {
  if (typeof value !== 'string' && !isUint8Array(value)) return value;
  try {
    return JSON.parse(readText(field, value));
  } catch {
    throw unexpected(field, value);
  }
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Its value is not told: it may be a body, or whatever another program wrote there. */
function unexpected(field: string, value: unknown): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `a stored delivery cannot be read: its ${field} is not what was written (${typeof value}). Was it written by hand, or by another program?`,
    { facts: { field } },
  );
}
