import { isJsonObject } from '../protocol/json.js';

/** A text without an offset would be read in the time zone of this machine. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
/** Further ahead is a wrong unit, not a clock that goes fast. */
const FARTHEST_AHEAD_MS = 86_400_000;

/**
 * When a payment or subscription came about, as the API's answer says: its confirmation, else its block on the chain,
 * else its record. Not the earliest of them: a server that moves its data makes records anew, and a block counts whole
 * seconds. `undefined` when nothing in it is a time.
 */
export function transactionTime(
  data: Readonly<Record<string, unknown>>,
  now: number,
): number | undefined {
  return (
    timeOf(data['confirmedAt'], now) ??
    blockTime(data['metadata'], now) ??
    timeOf(data['createdAt'], now)
  );
}

/** When an event of the log came about: the envelope says so, else what it is about. */
export function eventTime(
  envelope: Readonly<Record<string, unknown>>,
  now: number,
): number | undefined {
  const created = timeOf(envelope['createdAt'], now);
  if (created !== undefined) return created;
  return isJsonObject(envelope['data']) ? transactionTime(envelope['data'], now) : undefined;
}

/** RFC 3339 text in ms since 1970; `undefined` for anything else, Go's year 1 for "never" included. */
export function timeOf(value: unknown, now: number): number | undefined {
  return typeof value === 'string' && RFC_3339.test(value)
    ? plausible(Date.parse(value), now)
    : undefined;
}

/** Unix seconds in ms. A whole second stands for all of it. */
export function secondsTime(value: unknown, now: number): number | undefined {
  return typeof value === 'number' && value > 0 ? plausible(value * 1000 + 999, now) : undefined;
}

function blockTime(metadata: unknown, now: number): number | undefined {
  const { txMetadata } = isJsonObject(metadata) ? metadata : {};
  const { blockData } = isJsonObject(txMetadata) ? txMetadata : {};
  return isJsonObject(blockData) ? secondsTime(blockData['timestamp'], now) : undefined;
}

function plausible(ms: number, now: number): number | undefined {
  return ms > 0 && ms <= now + FARTHEST_AHEAD_MS ? ms : undefined;
}
