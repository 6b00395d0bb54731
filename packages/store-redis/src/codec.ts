import { isUint8Array } from 'node:util/types';
import {
  arrivalOf,
  numberChecks,
  readStored,
  readTaken,
  storeUnavailable,
  wrongArgument,
  type ClaimOutcome,
  type NewDelivery,
  type Progress,
  type QBitFlowError,
  type RecordOptions,
  type StoredDelivery,
  type TakenDelivery,
} from '@qbitflow/core/store';
import { STORE } from './errors.js';

/** What of a delivery never changes and is kept together, as JSON in the field `facts`. */
type Facts = Readonly<
  Record<'subject' | 'id' | 'type' | 'version' | 'source' | 'receivedAt' | 'reference', unknown>
>;

/** A reference that is not there is left out of the JSON. */
const factsOf = (facts: Partial<Facts>): Facts => ({
  subject: facts.subject,
  id: facts.id,
  type: facts.type,
  version: facts.version,
  source: facts.source,
  receivedAt: facts.receivedAt,
  reference: facts.reference,
});

/** What an operator sees of a delivery, without the bodies: fields of its hash. */
const STORED = [
  'facts',
  'headers',
  'state',
  'started',
  'finished',
  'succeeded',
  'recordedAt',
  'at',
  'lastError',
  'unhandled',
  'webhook',
  'webhookHeaders',
  'duplicates',
  'token',
] as const;

/** Fields that {@link readStoredHash} reads, as a Lua argument list. */
export const STORED_FIELDS = STORED.map((field) => `'${field}'`).join(', ');

/** One delivery on its way in, as the script that records takes it. */
export interface Arrival {
  readonly key: string;
  /** How its token begins, where it is taken at once. */
  readonly holder: string;
  readonly texts: string;
  readonly raw: Uint8Array;
  /** Why it is not due. */
  readonly reason: Uint8Array;
  /** The merchant's own word for it. */
  readonly reference: Uint8Array;
}

/**
 * A new delivery, taken at once for `leaseMs` where that is given. Throws `misconfigured` for what is no lease, or no
 * name: a line break would shift what follows, of other deliveries too.
 */
export function writeArrival(
  delivery: NewDelivery,
  { leaseMs, holder: name }: RecordOptions = {},
): Arrival {
  const { key, type, subject, source, headers, raw } = delivery;
  const { state, reason: error } = arrivalOf(delivery);
  const lease = leaseMs === undefined ? '' : writeDelay('leaseMs', leaseMs);
  const reason = error === undefined ? NOTHING : Buffer.from(error);
  const { reference: word } = delivery;
  const reference = word === undefined ? NOTHING : Buffer.from(word);
  const names = `${oneLine('key', key)}\n${oneLine('type', type)}\n${oneLine('subject', subject)}`;
  const json = `${JSON.stringify(factsOf(delivery))}\n${JSON.stringify(headers)}`;
  const holder = writeHolder(name);
  const lengths = `${raw.length} ${reason.length} ${word === undefined ? '' : reference.length}`;
  const texts = `${names}\n${json}\n${source} ${state} ${lease} ${lengths} ${holder}\n`;
  return { key, holder, texts, raw, reason, reference };
}

const NOTHING = new Uint8Array(0);

function oneLine(name: string, value: string): string {
  if (!value.includes('\n')) return value;
  throw wrongArgument(STORE, { name, value, expected: 'text without line breaks' });
}

function readFacts(reply: unknown): Facts {
  const parsed = parse(textOf(reply));
  return factsOf(typeof parsed === 'object' && parsed !== null ? parsed : {});
}

/** One delivery that was taken, as the script answers: headers and body are the webhook's where one came later. */
export function readTakenReply(reply: unknown): TakenDelivery {
  const [key, token, fresh, started, finished, dueSince, succeeded, facts, later, headers, raw] =
    arrayOf(reply);
  const recorded = { ...readFacts(facts), headers, raw };
  const lapsed = numberOf(fresh) === 0;
  const progress = { started, finished, lapsed, dueSince, succeeded: namesOf(succeeded) };
  return readTaken(
    { key, token, ...recorded, ...progress },
    isNil(later) ? undefined : { ...readFacts(later), headers, raw },
  );
}

/** What of a delivery is kept beside {@link STORED_FIELDS}, where it was read. */
export interface MoreFields {
  /** When the lease ends. */
  readonly leaseUntil?: unknown;
  readonly raw?: unknown;
  readonly webhookRaw?: unknown;
  readonly attempts?: unknown;
}

/** What an operator sees, from the values of {@link STORED_FIELDS}; bodies that were not read are left empty. */
export function readStoredHash(
  key: string,
  values: readonly unknown[],
  { leaseUntil, raw, webhookRaw, attempts }: MoreFields = {},
): StoredDelivery {
  const field = (name: (typeof STORED)[number]): unknown => values[STORED.indexOf(name)];
  const later = field('webhook');
  const facts = readFacts(field('facts'));
  return readStored({
    key,
    ...facts,
    headers: field('headers'),
    raw,
    state: field('state'),
    started: field('started') ?? 0,
    finished: field('finished') ?? 0,
    succeeded: namesOf(field('succeeded')),
    recordedAt: field('recordedAt'),
    // Nothing has moved it since it was recorded.
    at: field('at') ?? field('recordedAt'),
    lastError: field('lastError'),
    unhandled: field('unhandled'),
    duplicates: field('duplicates') ?? 0,
    attempts: attempts === undefined ? undefined : attemptsOf(attempts),
    holder: holderOf(field('token')),
    leaseUntil,
    webhook: isNil(later)
      ? undefined
      : { ...readFacts(later), headers: field('webhookHeaders'), raw: webhookRaw },
  });
}

const HOLDER_END = '#';

/** How the tokens of a taking begin: with who takes, where that was said. A field of its own would cost each delivery more. */
export function writeHolder(holder = ''): string {
  return holder === '' ? '' : `${oneLine('holder', holder)}${HOLDER_END}`;
}

function holderOf(token: unknown): string | undefined {
  const text = isNil(token) ? '' : textOf(token);
  const end = text.lastIndexOf(HOLDER_END);
  return end < 0 ? undefined : text.slice(0, end);
}

/** Who succeeded, and the attempt that ends ('' for none), as the scripts take them. */
export function writeProgress({ succeeded, attempt }: Progress): readonly [string, string] {
  return [writeNames(succeeded), attempt === undefined ? '' : JSON.stringify(attempt)];
}

/** JSON strings with a tab between them: they never contain one themselves, nor a line break. */
function writeNames(names: readonly string[]): string {
  return names.map((name) => JSON.stringify(name)).join('\t');
}

/** Names as the hash keeps them. */
function namesOf(reply: unknown): readonly unknown[] {
  const lines = isNil(reply) ? [] : textOf(reply).split('\n');
  return lines.filter((line) => line !== '').map(parse);
}

/** Attempts as the hash keeps them, one a line; what is no JSON the reader leaves out. */
function attemptsOf(reply: unknown): readonly unknown[] {
  return isNil(reply) ? [] : textOf(reply).split('\n').map(parseOrNothing);
}

function parseOrNothing(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw unexpected('JSON');
  }
}

/** Checks the numbers that methods are called with. */
export const checks = numberChecks(STORE);

/** A delay or lease (ms) as the scripts take it. Throws `misconfigured` for what is none. */
export const writeDelay = (name: string, ms: unknown): string => String(checks.delayMs(name, ms));

/** An age (ms) as the scripts take it, `undefined` for one that nothing ever reaches. Throws `misconfigured` for NaN. */
export function writeAge(name: string, ms: unknown): string | undefined {
  const age = checks.ageMs(name, ms);
  return age === undefined ? undefined : String(age);
}

/** A reply that is an array. */
export function arrayOf(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw unexpected('an array');
}

/** A reply that is text. */
export function textOf(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  if (isUint8Array(reply)) return Buffer.from(reply).toString();
  throw unexpected('text');
}

/** A reply that is a number, or a number's text; the nil of a field that is not set is 0. */
export function numberOf(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  const value = isNil(reply) ? 0 : Number(textOf(reply));
  if (Number.isFinite(value)) return value;
  throw unexpected('a number');
}

/** A reply that is 1 where the claim held. */
export function outcomeOf(reply: unknown): ClaimOutcome {
  return numberOf(reply) === 1 ? 'ok' : 'lost';
}

/** Whether a reply is the nil of a field that is not set. */
export function isNil(reply: unknown): reply is null | undefined {
  return reply === null || reply === undefined;
}

function unexpected(expected: string): QBitFlowError {
  return storeUnavailable(
    STORE,
    `was answered with something that is not ${expected}: is another program writing under this prefix?`,
  );
}
