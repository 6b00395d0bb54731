import { isUint8Array } from 'node:util/types';
import {
  QBitFlowError,
  type ClaimOutcome,
  type DeliverySource,
  type DeliveryState,
  type LaterWebhook,
  type NewDelivery,
  type StoredDelivery,
  type TakenDelivery,
} from '@qbitflow/core';
import type { RedisArgument } from './client-types.js';

const VERSIONS = ['v1', 'v2'] as const;
const SOURCES = ['webhook', 'return', 'recovery'] as const satisfies readonly DeliverySource[];
const STATES = ['due', 'running', 'done', 'dead'] as const satisfies readonly DeliveryState[];

/** What of a delivery never changes and is kept together, as JSON in the field `facts`. */
const FACTS = [
  'subject',
  'id',
  'type',
  'version',
  'source',
  'receivedAt',
] as const satisfies readonly (keyof NewDelivery)[];
type Facts = Pick<NewDelivery, (typeof FACTS)[number]>;

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
] as const;

/** Fields that {@link readStored} reads, as a Lua argument list. */
export const STORED_FIELDS = STORED.map((field) => `'${field}'`).join(', ');

/** A new delivery as the five arguments of the script that records: key, start, facts, headers, body. */
export function writeDelivery(delivery: NewDelivery): readonly RedisArgument[] {
  const { key, source, type, subject, headers, raw } = delivery;
  const [state, reason] = startOf(delivery);
  return [
    key,
    `${source} ${state}\n${type}\n${subject}\n${reason}`,
    JSON.stringify(delivery, [...FACTS]),
    JSON.stringify(headers),
    Buffer.from(raw.buffer, raw.byteOffset, raw.length),
  ];
}

function startOf({ dead, unhandled }: NewDelivery): readonly [state: string, reason: string] {
  if (dead !== undefined) return ['dead', dead];
  return unhandled === undefined ? ['due', ''] : ['done', unhandled];
}

function readFacts(facts: unknown, headers: unknown): Facts & Pick<NewDelivery, 'headers'> {
  const { subject, id, type, version, source, receivedAt } = recordOf(facts);
  return {
    subject: textOf(subject),
    id: textOf(id),
    type: textOf(type),
    version: oneOf(VERSIONS, version),
    source: oneOf(SOURCES, source),
    receivedAt: numberOf(receivedAt),
    headers: Object.fromEntries(
      Object.entries(recordOf(headers)).map(([name, value]) => [name, textOf(value)]),
    ),
  };
}

/** One delivery that was taken, as the script answers. */
export function readTaken(reply: unknown): TakenDelivery {
  const [key, token, fresh, started, finished, since, succeeded, facts, webhook, headers, raw] =
    arrayOf(reply);
  const own = readFacts(facts, headers);
  const later = optionalTextOf(webhook);
  const { id, version, receivedAt } = later === undefined ? own : readFacts(later, headers);
  return {
    key: textOf(key),
    ...own,
    id,
    version,
    receivedAt,
    raw: bytesOf(raw),
    token: textOf(token),
    started: numberOf(started),
    finished: numberOf(finished),
    lapsed: numberOf(fresh) === 0,
    dueSince: numberOf(since),
    succeeded: readNames(succeeded),
  };
}

/** The bodies of a delivery, where they were read. */
export interface Bodies {
  readonly raw?: unknown;
  readonly webhookRaw?: unknown;
}

/** What an operator sees, from the values of {@link STORED_FIELDS}; bodies that were not read are left empty. */
export function readStored(
  key: string,
  values: readonly unknown[],
  { raw, webhookRaw }: Bodies = {},
): StoredDelivery {
  const field = (name: (typeof STORED)[number]): unknown => values[STORED.indexOf(name)];
  const lastError = optionalTextOf(field('lastError'));
  const webhook = readWebhook(field('webhook'), field('webhookHeaders'), webhookRaw);
  return {
    key,
    ...readFacts(field('facts'), field('headers')),
    raw: bodyOf(raw),
    state: readState(field('state')),
    started: numberOf(field('started')),
    finished: numberOf(field('finished')),
    succeeded: readNames(field('succeeded')),
    recordedAt: numberOf(field('recordedAt')),
    // Nothing has moved it since it was recorded.
    at: numberOf(field('at') ?? field('recordedAt')),
    ...(lastError === undefined ? {} : { lastError }),
    ...(numberOf(field('unhandled')) === 1 ? { unhandled: true } : {}),
    ...(webhook === undefined ? {} : { webhook }),
  };
}

function readWebhook(facts: unknown, headers: unknown, raw: unknown): LaterWebhook | undefined {
  if (optionalTextOf(facts) === undefined) return undefined;
  const { id, version, receivedAt, headers: read } = readFacts(facts, headers);
  return { id, version, receivedAt, headers: read, raw: bodyOf(raw) };
}

const NO_BODY = new Uint8Array(0);

function bodyOf(reply: unknown): Uint8Array {
  return reply === undefined || reply === null ? NO_BODY : bytesOf(reply);
}

/** A state's name. */
export function readState(reply: unknown): DeliveryState {
  return oneOf(STATES, reply);
}

/** Names as the scripts take them: one JSON string a line, which never contains a line break itself. */
export function writeNames(names: readonly string[]): string {
  return names.map((name) => `${JSON.stringify(name)}\n`).join('');
}

/** Names as the hash keeps them. */
export function readNames(reply: unknown): readonly string[] {
  const lines = (optionalTextOf(reply) ?? '').split('\n');
  return lines.filter((line) => line !== '').map((line) => textOf(JSON.parse(line)));
}

function recordOf(reply: unknown): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(textOf(reply));
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}

function unexpected(expected: string): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `Redis answered a script with something that is not ${expected}: is another program writing under this prefix?`,
  );
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

/** A reply that is text, or the nil of a field that is not set. */
export function optionalTextOf(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : textOf(reply);
}

/** A reply that is a number, or a number's text; the nil of a field that is not set is 0. */
export function numberOf(reply: unknown): number {
  if (typeof reply === 'number') return reply;
  const value = Number(optionalTextOf(reply) ?? 0);
  if (Number.isFinite(value)) return value;
  throw unexpected('a number');
}

/** A reply that is bytes. */
export function bytesOf(reply: unknown): Uint8Array {
  if (!isUint8Array(reply)) throw unexpected('bytes');
  return new Uint8Array(reply.buffer, reply.byteOffset, reply.length);
}

/** The one of `values` that the reply names. */
function oneOf<Value extends string>(values: readonly Value[], reply: unknown): Value {
  const text = textOf(reply);
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw unexpected(values.join(' or '));
  return value;
}

/** A reply that is 1 where the claim held. */
export function outcomeOf(reply: unknown): ClaimOutcome {
  return numberOf(reply) === 1 ? 'ok' : 'lost';
}

/** About 270 years: a sorted set orders times up to here exactly, and a delay beyond it is a mistake. */
const MOST_MS = 8_640_000_000_000;

/** A delay or lease (ms) as the scripts take it: whole and never negative. Throws `misconfigured` for what is no delay. */
export function writeDelay(name: string, ms: unknown): string {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms > MOST_MS)
    throw refused(name, ms, `a number of ms up to ${MOST_MS}`);
  return String(Math.max(Math.ceil(ms), 0));
}

/** An age (ms) as the scripts take it, or `undefined` for one that nothing ever reaches. Throws `misconfigured` for NaN. */
export function writeAge(name: string, ms: unknown): string | undefined {
  if (typeof ms !== 'number' || Number.isNaN(ms))
    throw refused(name, ms, 'a number of ms, Infinity for "never"');
  return ms > MOST_MS ? undefined : String(Math.max(Math.ceil(ms), 0));
}

/** A count, whole and from 0 to `most`. Throws `misconfigured` for what is no number. */
export function countOf(name: string, value: unknown, most: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw refused(name, value, 'a number');
  return Math.min(Math.max(Math.floor(value), 0), most);
}

/** Throws `misconfigured` for what is no time to wait (ms). */
export function checkTimeout(ms: unknown): void {
  if (typeof ms !== 'number' || !(ms > 0))
    throw refused('timeoutMs', ms, 'a positive number of ms');
}

function refused(name: string, value: unknown, wanted: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `the Redis store was given ${describe(value)} as ${name}, which must be ${wanted}: nothing was changed`,
    { facts: { name } },
  );
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}
