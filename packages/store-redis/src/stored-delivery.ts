import type { LaterWebhook, StoredDelivery } from '@qbitflow/core';
import { readFacts, readNames, readState } from './delivery-fields.js';
import { bytesOf, numberOf, optionalTextOf } from './script/reply.js';

/** What an operator sees of a delivery, without the bodies: fields of its hash as a Lua argument list. */
export const STORED_FIELDS =
  "'facts', 'headers', 'state', 'started', 'finished', 'succeeded', 'recordedAt', 'at', 'lastError', 'unhandled', 'webhook', 'webhookHeaders'";

const NO_BODY = new Uint8Array(0);

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
  const [facts, headers, state, started, finished, succeeded, recordedAt, at, error, ...rest] =
    values;
  const [unhandled, webhookFacts, webhookHeaders] = rest;
  const lastError = optionalTextOf(error);
  const webhook = readWebhook(webhookFacts, webhookHeaders, webhookRaw);
  return {
    key,
    ...readFacts(facts, headers),
    raw: bodyOf(raw),
    state: readState(state),
    started: numberOf(started),
    finished: numberOf(finished),
    succeeded: readNames(succeeded),
    recordedAt: numberOf(recordedAt),
    // Nothing has moved it since it was recorded.
    at: numberOf(at ?? recordedAt),
    ...(lastError === undefined ? {} : { lastError }),
    ...(numberOf(unhandled) === 1 ? { unhandled: true } : {}),
    ...(webhook === undefined ? {} : { webhook }),
  };
}

function readWebhook(facts: unknown, headers: unknown, raw: unknown): LaterWebhook | undefined {
  if (optionalTextOf(facts) === undefined) return undefined;
  const { id, version, receivedAt, headers: read } = readFacts(facts, headers);
  return { id, version, receivedAt, headers: read, raw: bodyOf(raw) };
}

function bodyOf(reply: unknown): Uint8Array {
  return reply === undefined || reply === null ? NO_BODY : bytesOf(reply);
}
