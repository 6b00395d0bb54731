import { successesIn } from './log.mjs';

/** Clocks of the store and of the receivers are the same machine's, read a moment apart. */
const CLOCK_SLACK_MS = 50;

/** Everything a run must keep, each as a sentence when it was broken. Empty is what we want. */
export async function brokenPromises({ arena, lines, events, fleet }) {
  return [
    ...everyHandlerSucceeded(lines, events),
    ...noneAfterItsSuccessWasRecorded(lines),
    ...repeatsAreExplained(lines, fleet.kills),
    ...(await storeAgrees(arena.store, { lines, events })),
    ...nobodyDied(fleet),
  ];
}

/** The log has a success of each event. */
export function everyHandlerSucceeded(lines, events) {
  const handled = new Set(successesIn(lines).map(({ key }) => key));
  const missing = events.filter(({ key }) => !handled.has(key));
  return missing.map(({ key }) => `${key} was acknowledged and never handled`);
}

/**
 * A log line is written inside the handler, `delivery_completed` once the store has said that the success is recorded;
 * one file, appended to: its order is the order of the writes.
 */
export function noneAfterItsSuccessWasRecorded(lines) {
  const recorded = new Set();
  const broken = [];
  for (const { note, key, attempt } of lines) {
    if (recorded.has(key) && (note === undefined || note === 'delivery_started'))
      broken.push(`${key} was run again, attempt ${attempt}, after its success was recorded`);
    if (recorded.has(key) && note === 'delivery_completed') broken.push(`${key} was done twice`);
    if (note === 'delivery_completed') recorded.add(key);
  }
  return broken;
}

/** A second success of one key is allowed only when a kill came between the first and the record of it. */
export function repeatsAreExplained(lines, kills) {
  const last = new Map();
  const broken = [];
  for (const line of successesIn(lines)) {
    const before = last.get(line.key);
    if (before !== undefined && !wasKilledAfter(before, kills))
      broken.push(`${line.key} was handled twice, and process ${before.pid} was not killed`);
    last.set(line.key, line);
  }
  return broken;
}

const wasKilledAfter = ({ pid, at }, kills) =>
  kills.some((kill) => kill.pid === pid && kill.at >= at - CLOCK_SLACK_MS);

/** Each event is done, since its last success or later; nothing is dead, due or running. */
export async function storeAgrees(store, { lines, events }) {
  const broken = await nothingIsLeft(store, events.length);
  const lastSuccess = new Map(successesIn(lines).map(({ key, at }) => [key, at]));
  for await (const { key, state, at } of deliveriesIn(store))
    if (state === 'done' && lastSuccess.get(key) > at + CLOCK_SLACK_MS)
      broken.push(`${key} was handled ${lastSuccess.get(key) - at} ms after it was done`);
  return broken;
}

/** The counts: all done, nothing else. */
export async function nothingIsLeft(store, total) {
  const { due, running, done, dead } = await store.stats();
  const expected = { due: 0, running: 0, done: total, dead: 0 };
  return Object.entries({ due, running, done, dead })
    .filter(([state, count]) => count !== expected[state])
    .map(([state, count]) => `${count} deliveries are ${state} instead of ${expected[state]}`);
}

/** All deliveries, page by page. */
export async function* deliveriesIn(store) {
  let cursor;
  do {
    const page = await store.list({ limit: 1_000, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

/** No process ended that nobody ended. */
export function nobodyDied({ deaths }) {
  return deaths.map(
    ({ pid, code, signal, stderr }) =>
      `receiver ${pid} ended by itself with ${signal ?? code}: ${stderr.slice(-500)}`,
  );
}
