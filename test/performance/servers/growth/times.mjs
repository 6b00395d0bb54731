// How long the calls of a store take, and how long the longest of them keeps the event loop from everything else.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillDead, fillDue, newDelivery } from './fill.mjs';

const LEASE_MS = 60_000;
const WEEK_MS = 604_800_000;

const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** The median of `times` calls, and the longest stop of the event loop during them, both in ms. */
async function timed(times, call) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(5);
  delay.reset();
  const durations = [];
  for (let count = 0; count < times; count += 1) {
    const start = performance.now();
    await call();
    durations.push(performance.now() - start);
  }
  await sleep(5);
  delay.disable();
  return { ms: middle(durations), longestStopMs: delay.max / 1e6 };
}

const DEAD = 1_000;

const lists = ({ subject, reference, receivedAt }) => ({
  'list()': {},
  'list, due': { state: 'due' },
  'list, running': { state: 'running' },
  'list, done': { state: 'done' },
  'list, dead': { state: 'dead' },
  'list, unhandled': { unhandled: true },
  'list, a common type': { type: 'growth.filler' },
  'list, a type that never came': { type: 'payment.failed' },
  'list, one subject': { subject },
  'list, done of a type that never came': { state: 'done', type: 'payment.failed' },
  'list, one reference': { reference },
  'list, since a minute ago': { recordedFrom: receivedAt - 60_000 },
  'list, before anything came': { recordedUntil: receivedAt - WEEK_MS },
  'list, a text in errors': { error: 'NO STOCK' },
  'list, a text in no error': { error: 'never said' },
});

/** The median of each call of `store`, ms. */
export async function callTimes(store) {
  const known = newDelivery('growth.taken');
  await store.record(known);
  await fillDue(store, 400, 'growth.taken');
  const types = { only: ['growth.taken'] };
  const times = {};
  times['takeDue, 10'] = await timed(20, async () => {
    const taken = await store.takeDue({ limit: 10, leaseMs: LEASE_MS, types });
    await Promise.all(
      taken.map(({ key, token }) => store.complete({ key, token }, { succeeded: [] })),
    );
  });
  times['stats()'] = await timed(5, () => store.stats());
  const discardDead = await fillDead(store, DEAD);
  for (const [name, filter] of Object.entries(lists(known)))
    times[name] = await timed(5, () => store.list({ ...filter, limit: 50 }));
  await discardDead();
  times['prune, nothing to do'] = await timed(5, () =>
    store.prune({ doneForMs: WEEK_MS, limit: 1000 }),
  );
  return times;
}

/** Drops the bodies of all that is done; the median of one call and the rate of all. */
export async function pruneAll(store) {
  let dropped = 0;
  const durations = [];
  const start = performance.now();
  for (;;) {
    const before = performance.now();
    const some = await store.prune({ doneForMs: 0, limit: 1000 });
    if (some === 0) break;
    durations.push(performance.now() - before);
    dropped += some;
  }
  const seconds = (performance.now() - start) / 1000;
  return { dropped, perSecond: dropped / seconds, msPer1000: middle(durations) };
}
