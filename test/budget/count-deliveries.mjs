// A process in which deliveries are counted: a shop on node:http with the built kit, and a sender in a thread of its own,
// whose objects and promises are none of the shop's. Events come one after the other on one connection, each new, and
// the next comes when the last is handled. No garbage is collected meanwhile: what the heap has grown by was allocated. For
// what outlives its delivery many come at once, and garbage is collected as ever.
// Called with `{ what, store, plant }` as JSON; prints its counts as JSON.
import { createHook } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { Session } from 'node:inspector';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { SECRET } from '../performance/lib/deliveries.mjs';
import { openCountedStore } from './counted-stores.mjs';
import { plants } from './plants.mjs';

const { what, store: storeName, plant } = JSON.parse(process.argv[2] ?? '{}');
const isCrowd = what === 'outliving';
const WARM_UP = isCrowd || what === 'heap' ? 3_000 : 50;
const COUNTED = isCrowd ? 3_000 : what === 'heap' ? 700 : 100;

/** Timers that only wait for something to go wrong never fire here: how long a run takes must not show in its counts. */
const clock = {
  now: () => Date.now(),
  after(ms, run) {
    if (ms > 100) return clearing(setTimeout(() => undefined, 0x7fffffff));
    return clearing(setTimeout(() => run(), ms));
  },
};

function clearing(timer) {
  timer.unref();
  return () => clearTimeout(timer);
}

const { store, counts: statements, close } = await openCountedStore(storeName);
const shop = createQBitFlow({
  webhookSecret: SECRET,
  store,
  clock,
  logger: false,
  handlers: { concurrency: isCrowd ? 10 : 1 },
});
const extra = plants[plant] ?? (() => undefined);
let onHandled = () => undefined;
shop.on('payment.completed', () => {
  extra();
  setImmediate(onHandled);
});
const server = createServer(toNodeHandler(shop, { basePath: '' })).listen(0, '127.0.0.1');
await once(server, 'listening');
await shop.start();

const sender = new Worker(new URL(isCrowd ? 'crowd.mjs' : 'sender.mjs', import.meta.url), {
  workerData: { port: server.address().port },
});
if (!isCrowd)
  onHandled = () =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's
    sender.postMessage('handled');

/** Until what a handler leaves to do is done. */
async function pause() {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Sends so many deliveries. Resolves when the last one is answered and handled. */
async function deliver(count) {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's
  sender.postMessage(count);
  const [faults] = await once(sender, 'message');
  if (faults.length > 0) throw new Error(`not every delivery was accepted: ${faults[0]}`);
  await pause();
}

/** Counts what `deliver` makes of each kind of asynchronous resource, and where the first of the kit's code made it. */
async function countResources() {
  const made = {};
  const places = new Map();
  const hook = createHook({
    init(_id, type) {
      if (type !== 'PROMISE' && type !== 'Timeout') return;
      made[type] = (made[type] ?? 0) + 1;
      const place = `${type} ${placeOf(new Error(type).stack)}`;
      places.set(place, (places.get(place) ?? 0) + 1);
    },
  });
  hook.enable();
  await deliver(COUNTED);
  hook.disable();
  return {
    promises: (made.PROMISE ?? 0) / COUNTED,
    timers: (made.Timeout ?? 0) / COUNTED,
    where: top(places, (count) => `${(count / COUNTED).toFixed(2)} a delivery`),
  };
}

function placeOf(stack = '') {
  const frame = stack.split('\n').find((line) => /packages\/|test\/budget\/(?!count)/.test(line));
  return frame?.trim() ?? 'in Node itself';
}

/** Bytes of the heap for each delivery: the least of some rounds, as a compiler at work allocates too. */
async function countBytes() {
  await deliver(WARM_UP);
  const rounds = [];
  for (let round = 0; round < 3; round += 1) rounds.push(await growth());
  return { bytes: Math.min(...rounds) / COUNTED, where: await allocators() };
}

/** By how much the heap grows while nothing is collected. */
async function growth() {
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  globalThis.gc();
  await pause();
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage().heapUsed;
  await deliver(COUNTED);
  const bytes = process.memoryUsage().heapUsed - before;
  await pause();
  observer.disconnect();
  if (collections > 0)
    throw new Error('garbage was collected: the heap does not tell what was allocated');
  return bytes;
}

/**
 * Bytes for each delivery that two collections of young garbage let stay, while many come at once: whatever is held a little
 * longer than its delivery is copied twice, and then lies there until all garbage is collected.
 */
async function countOutliving() {
  await deliver(WARM_UP);
  globalThis.gc();
  await pause();
  let majors = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { detail } of list.getEntries())
      if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majors += 1;
  });
  observer.observe({ entryTypes: ['gc'] });
  const before = oldBytes();
  await deliver(COUNTED);
  globalThis.gc({ type: 'minor' });
  globalThis.gc({ type: 'minor' });
  const outliving = (oldBytes() - before) / COUNTED;
  await pause();
  observer.disconnect();
  if (majors > 0) throw new Error('all garbage was collected: what outlived its delivery is gone');
  return { outliving, where: await allocators() };
}

function oldBytes() {
  const old = getHeapSpaceStatistics().filter(({ space_name: name }) =>
    /^(old|large_object)_space$/.test(name),
  );
  return old.reduce((sum, { space_used_size: size }) => sum + size, 0);
}

/** The functions that allocate most, by sampling. */
async function allocators() {
  const session = new Session();
  session.connect();
  const post = (method, params) =>
    new Promise((resolve, reject) => {
      session.post(method, params, (error, result) => (error ? reject(error) : resolve(result)));
    });
  await post('HeapProfiler.startSampling', {
    samplingInterval: 1_024,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: !isCrowd,
  });
  await deliver(COUNTED);
  const { profile } = await post('HeapProfiler.stopSampling');
  const bytes = new Map();
  const visit = ({ callFrame, selfSize, children }) => {
    const { functionName, url, lineNumber } = callFrame;
    const name = `${functionName || '(top level)'} ${url.replace(/^.*\/(?=packages\/|test\/)/, '')}:${lineNumber + 1}`;
    bytes.set(name, (bytes.get(name) ?? 0) + selfSize);
    children.forEach(visit);
  };
  visit(profile.head);
  return top(bytes, (size) => `${Math.round(size / COUNTED)} bytes a delivery`);
}

function top(amounts, describe) {
  return [...amounts]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, 40)
    .map(([name, amount]) => `${describe(amount)}: ${name}`);
}

async function countStatements() {
  await deliver(WARM_UP);
  statements.clear();
  await deliver(COUNTED);
  const all = [...statements.values()].reduce((sum, count) => sum + count, 0);
  return {
    statements: all / COUNTED,
    where: top(statements, (count) => `${(count / COUNTED).toFixed(2)} a delivery`),
  };
}

async function countAll() {
  if (what === 'heap') return countBytes();
  if (isCrowd) return countOutliving();
  if (what === 'statements') return countStatements();
  await deliver(WARM_UP);
  return countResources();
}

console.log(JSON.stringify(await countAll()));
await sender.terminate();
server.closeAllConnections();
server.close();
await shop.close();
await close();
