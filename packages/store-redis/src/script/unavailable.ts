import { isQBitFlowError, QBitFlowError } from '@qbitflow/core';
import { meaningOf } from './meanings.js';

/**
 * Any failure of a command as `store_unavailable`, with the cause kept. The message is made of our own words:
 * the library's may contain an address with a password.
 */
export function unavailable(thrown: unknown): QBitFlowError {
  if (isQBitFlowError(thrown)) return thrown;
  const meaning =
    meaningOf(thrown)?.sentence ??
    'the connection failed or the command was refused; is the server up and the client connected?';
  return new QBitFlowError('store_unavailable', `the Redis store cannot be used: ${meaning}`, {
    cause: thrown,
  });
}

/** Something else is kept under the name of one delivery. */
export function foreignKeys(): QBitFlowError {
  return unavailable(new Error('WRONGTYPE the name of a delivery has a value of another kind'));
}

/** No answer within the bound. */
export function timedOut(timeoutMs: number): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `Redis did not answer within ${timeoutMs} ms: it is down, stalled or not reachable, and the client is waiting for it`,
    { facts: { timeoutMs } },
  );
}

/** Called after `close()`. */
export function closed(): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    'the Redis store is closed: create a new one, or close the kit only when nothing uses it any more',
  );
}
