import { setTimeout as sleep } from 'node:timers/promises';
import { isDrained } from '../support/drained.mjs';
import { makeEvents, planDeliveries } from '../support/events.mjs';
import { figuresOf } from '../support/figures.mjs';
import { startFleet } from '../support/fleet.mjs';
import { notesIn, readLog } from '../support/log.mjs';
import { brokenPromises } from '../support/promises.mjs';
import { seeded } from '../support/random.mjs';
import { sendFromMany } from '../support/sender.mjs';
import { createTally } from '../support/tally.mjs';
import { until } from '../support/until.mjs';

const GRACE_MS = 8_000;
/** Long past what a test may take: what is left running stays so, and is seen. */
const LEASE_MS = 600_000;

/** A receiver is told to end while deliveries come in and handlers run; another one goes on. */
export async function sigterm(arena, { seed, events: count }) {
  const random = seeded(seed);
  const events = makeEvents(random, count);
  const tally = createTally();
  const args = [
    `--store=${arena.spec}`,
    `--log=${arena.log}`,
    `--lease=${LEASE_MS}`,
    `--grace=${GRACE_MS}`,
    '--delay=150',
  ];
  const fleet = await startFleet(2, { args });
  const ends = [];
  try {
    const urls = random.fork();
    const urlOf = () => fleet.urlOf(urls);
    const deliveries = planDeliveries(random, events);
    const sending = sendFromMany(deliveries, {
      senders: 2,
      loops: 6,
      forMs: 1_500,
      urlOf,
      tally,
      random,
    });
    await until('handlers run', () => notesIn(readLog(arena.log), 'delivery_started').length > 20);
    await sleep(random.whole(0, 300));
    ends.push(await endGently(fleet, 0, arena));
    await sending;
    await until('all is done', async () => isDrained(arena.store, count), 60_000);
    ends.push(await endGently(fleet, 1, arena));
  } finally {
    await fleet.close();
  }
  const lines = readLog(arena.log);
  const broken = [
    ...(await brokenPromises({ arena, lines, events, fleet })),
    ...ends.flatMap((end) => end.broken),
    ...ends.flatMap(({ pid }) => unfinishedBy(pid, lines)),
  ];
  const [{ tookMs }] = ends;
  const figures = await figuresOf({ arena, tally, fleet, lines, events });
  return { broken, figures: { ...figures, 'exit after (ms)': tookMs } };
}

async function endGently(fleet, index, { store }) {
  const receiver = fleet.slots[index];
  const began = performance.now();
  const { code, signal } = await fleet.end(receiver, 'SIGTERM');
  const tookMs = Math.round(performance.now() - began);
  const facts = {
    [`it ended with 0, not ${signal ?? code}`]: code === 0,
    [`it ended within its grace period, not after ${tookMs} ms`]: tookMs < GRACE_MS,
  };
  if (index === 1) facts['nothing is left running'] = (await store.stats()).running === 0;
  const broken = Object.entries(facts).flatMap(([fact, holds]) => (holds ? [] : [fact]));
  return { pid: receiver.pid, tookMs, broken: broken.map((fact) => `not true: ${fact}`) };
}

/** Attempts of one process that were neither completed nor handed back. */
function unfinishedBy(pid, lines) {
  const open = new Set();
  for (const line of lines.filter((one) => one.pid === pid))
    if (line.note === 'delivery_started') open.add(line.key);
    else if (line.note !== undefined) open.delete(line.key);
  return [...open].map((key) => `${key} was left unfinished by ${pid}`);
}
