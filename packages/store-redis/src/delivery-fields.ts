import type { DeliverySource, DeliveryState, NewDelivery } from '@qbitflow/core';
import { numberOf, oneOf, optionalTextOf, textOf } from './script/reply.js';

const VERSIONS = ['v1', 'v2'] as const;
const SOURCES = ['webhook', 'return', 'recovery'] as const satisfies readonly DeliverySource[];
const STATES = ['due', 'running', 'done', 'dead'] as const satisfies readonly DeliveryState[];

/** What of a delivery never changes and is kept together, as JSON in the field `facts`. */
export type Facts = Pick<
  NewDelivery,
  'subject' | 'id' | 'type' | 'version' | 'source' | 'receivedAt'
>;

/** Facts as the hash keeps them. */
export function writeFacts(facts: Facts): string {
  return JSON.stringify(facts);
}

/** Facts and headers as the hash keeps them. */
export function readFacts(facts: unknown, headers: unknown): Facts & Pick<NewDelivery, 'headers'> {
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
