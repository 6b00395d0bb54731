import type { StoredDelivery } from '@qbitflow/core';
import { readFacts, readNames, readState } from './delivery-fields.js';
import { numberOf, optionalTextOf } from './script/reply.js';

/** What an operator sees of a delivery, without the body: fields of its hash as a Lua argument list. */
export const STORED_FIELDS =
  "'facts', 'headers', 'state', 'started', 'finished', 'succeeded', 'recordedAt', 'at', 'lastError'";

const NO_BODY = new Uint8Array(0);

/** What an operator sees, from the values of {@link STORED_FIELDS}; the body is left empty. */
export function readStored(key: string, values: readonly unknown[]): StoredDelivery {
  const [facts, headers, state, started, finished, succeeded, recordedAt, at, error] = values;
  const lastError = optionalTextOf(error);
  return {
    key,
    ...readFacts(facts, headers),
    raw: NO_BODY,
    state: readState(state),
    started: numberOf(started),
    finished: numberOf(finished),
    succeeded: readNames(succeeded),
    recordedAt: numberOf(recordedAt),
    // Nothing has moved it since it was recorded.
    at: numberOf(at ?? recordedAt),
    ...(lastError === undefined ? {} : { lastError }),
  };
}
