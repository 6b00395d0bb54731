import { isArrayBuffer, isUint8Array } from 'node:util/types';
import type { DeliverySource, DeliveryState, LaterWebhook, StoredDelivery } from '@qbitflow/core';
import type { Row } from './driver/driver.js';

/** What every reader of deliveries selects; the body is selected by those who need it. */
export const COLUMNS =
  'seq, key, state, at, changed_at, recorded_at, received_at, started, finished, succeeded, last_error, subject, id, type, version, source, headers, unhandled, ifnull(due_since, recorded_at) AS due_since';

/** A row as an operator sees it; `raw` is empty where it was not selected. */
export function storedOf(row: Row): StoredDelivery {
  const state = stateOf(row);
  const lastError = row['last_error'];
  return {
    ...deliveryOf(row),
    state,
    started: integer(row, 'started'),
    finished: integer(row, 'finished'),
    succeeded: namesOf(row),
    recordedAt: integer(row, 'recorded_at'),
    at: integer(row, state === 'due' ? 'at' : 'changed_at'),
    ...(typeof lastError === 'string' ? { lastError } : {}),
    ...(integer(row, 'unhandled') === 0 ? {} : { unhandled: true }),
  };
}

/** What was recorded of a delivery. */
export function deliveryOf(
  row: Row,
): LaterWebhook & { key: string; subject: string; type: string; source: DeliverySource } {
  return {
    key: text(row, 'key'),
    subject: text(row, 'subject'),
    type: text(row, 'type'),
    source: oneOf(row, 'source', ['webhook', 'return', 'recovery']),
    ...webhookFacts(row),
  };
}

/** What one delivery of some news brings, another of the same may bring anew. */
export function webhookFacts(row: Row): LaterWebhook {
  return {
    id: text(row, 'id'),
    version: oneOf(row, 'version', ['v1', 'v2']),
    receivedAt: integer(row, 'received_at'),
    headers: headersOf(row),
    raw: bytes(row['raw']),
  };
}

/** The state of a row. */
export function stateOf(row: Row): DeliveryState {
  return oneOf(row, 'state', ['due', 'running', 'done', 'dead']);
}

/** The handlers that succeeded. */
export function namesOf(row: Row): readonly string[] {
  const sent = text(row, 'succeeded');
  const names: unknown = sent === '[]' ? [] : JSON.parse(sent);
  return Array.isArray(names) ? names.map(String) : [];
}

function headersOf(row: Row): Readonly<Record<string, string>> {
  const headers: unknown = JSON.parse(text(row, 'headers'));
  if (typeof headers !== 'object' || headers === null) throw unexpected('headers', headers);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** A whole number; some drivers are set to give them as bigint. */
export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw unexpected(column, value);
}

/** A text. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw unexpected(column, value);
}

function oneOf<T extends string>(row: Row, column: string, known: readonly T[]): T {
  const value = row[column];
  const found = known.find((candidate) => candidate === value);
  if (found === undefined) throw unexpected(column, value);
  return found;
}

/** Bytes, whatever the driver gives: libsql an ArrayBuffer when there are none. */
function bytes(value: unknown): Uint8Array {
  if (isUint8Array(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return isArrayBuffer(value) ? new Uint8Array(value) : new Uint8Array(0);
}

function unexpected(column: string, value: unknown): Error {
  return new Error(
    `a row has ${typeof value} in ${column}: was it written by hand or by another program?`,
  );
}
