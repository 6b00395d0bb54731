import { isUint8Array } from 'node:util/types';
import { QBitFlowError, type ClaimOutcome } from '@qbitflow/core';

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
export function oneOf<Value extends string>(values: readonly Value[], reply: unknown): Value {
  const text = textOf(reply);
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw unexpected(values.join(' or '));
  return value;
}

/** A reply that is 1 where the claim held. */
export function outcomeOf(reply: unknown): ClaimOutcome {
  return numberOf(reply) === 1 ? 'ok' : 'lost';
}
