import { asError, cut } from '../as-error.js';
import { isQBitFlowError } from '../errors.js';
import type { StoredDelivery, StoreStats } from '../store/durable-store.js';

/** Turns what a store says into lines. */
export interface Format {
  delivery(delivery: StoredDelivery): string;
  details(delivery: StoredDelivery): string;
  stats(stats: StoreStats): string;
}

const at = (ms: number): string => new Date(ms).toISOString();

/** For people: columns, and details a line each. */
export const forPeople: Format = {
  delivery: ({ state, at: time, started, type, key }) =>
    [state.padEnd(7), at(time), String(started).padStart(2), type.padEnd(28), key].join('  '),
  details(delivery) {
    const { raw, headers: _headers, receivedAt, recordedAt, at: time, ...facts } = delivery;
    const times = { receivedAt: at(receivedAt), recordedAt: at(recordedAt), at: at(time) };
    const lines = Object.entries({ ...facts, ...times }).map(
      ([name, value]) => `${name.padEnd(12)} ${String(value)}`,
    );
    return [...lines, '', Buffer.from(raw).toString('utf8')].join('\n');
  },
  stats: (stats) =>
    Object.entries(stats)
      .map(([name, value]) => `${name.padEnd(15)} ${value}`)
      .join('\n'),
};

/** For programs: one JSON value a line; the body is base64. */
export const forPrograms: Format = {
  delivery: ({ raw: _raw, ...facts }) => JSON.stringify(facts),
  details: ({ raw, ...facts }) =>
    JSON.stringify({ ...facts, raw: Buffer.from(raw).toString('base64') }),
  stats: (stats) => JSON.stringify(stats),
};

const LONGEST_REASON = 500;

/** Why a command failed, on one line, without the user and password of any URL in it. */
export function reasonOf(thrown: unknown): string {
  const error = asError(thrown);
  const said = oneLine(error);
  // What is misconfigured is said in full.
  const isPlain = isQBitFlowError(error) && error.code === 'misconfigured';
  const cause = isPlain || error.cause === undefined ? '' : oneLine(asError(error.cause));
  return cause === '' || said.includes(cause) ? said : `${said} (${cause})`;
}

/** Node's own refusals of connections come as errors without a message. */
function oneLine(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  const text = error.message || (typeof code === 'string' ? code : error.name);
  return withoutPassword(cut(text.replace(/\s+/g, ' ').trim(), LONGEST_REASON));
}

/** What stands between the scheme and the host of a URL. */
function withoutPassword(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\/{1,2})[^/\s@]*@/gi, '$1…@');
}
