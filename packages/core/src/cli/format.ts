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
