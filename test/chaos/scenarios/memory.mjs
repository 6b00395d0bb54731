import { setTimeout as sleep } from 'node:timers/promises';
import { fillStore } from '../support/fill-store.mjs';
import { makeEvents } from '../support/events.mjs';
import { startFleet } from '../support/fleet.mjs';
import { seeded } from '../support/random.mjs';
import { rssOf } from '../support/rss.mjs';
import { sendFromMany } from '../support/sender.mjs';
import { createTally } from '../support/tally.mjs';

const SAMPLES = 10;

/**
 * A receiver's memory does not grow with what its store holds: the same load on an empty store and on one with `rows`
 * done and `rows` due deliveries of `bytes` each. Handlers hang, so what is due stays due.
 */
export async function memory(arena, { seed, rows, bytes, allowedMiB }) {
  const random = seeded(seed);
  const empty = await rssUnderLoad(arena, random.fork());
  await fillStore(arena.store, { rows, bytes, random: random.fork() });
  const full = await rssUnderLoad(arena, random.fork());
  const { done, due } = await arena.store.stats();
  const broken = [];
  if (done < rows || due < rows) broken.push(`the store holds ${done} done and ${due} due`);
  if (full - empty > allowedMiB)
    broken.push(`RSS grew from ${empty} to ${full} MiB with ${rows} done and ${rows} due`);
  const held = Math.round((2 * rows * bytes) / 1024 / 1024);
  const figures = {
    'in the store': `${done} done, ${due} due, ${held} MiB`,
    'RSS empty (MiB)': empty,
    'RSS full (MiB)': full,
  };
  return { broken, figures };
}

async function rssUnderLoad(arena, random) {
  const args = [`--store=${arena.spec}`, `--log=${arena.log}`, '--delay=600000'];
  const fleet = await startFleet(1, { args });
  try {
    const [{ pid, url }] = fleet.slots;
    const deliveries = makeEvents(random, 400).map((event) => ({ event, version: 'v2' }));
    const tally = createTally();
    await sendFromMany(deliveries, { senders: 2, loops: 4, urlOf: () => url, tally, random });
    const samples = [];
    while (samples.length < SAMPLES) {
      samples.push(rssOf(pid));
      await sleep(100);
    }
    return Math.round(Math.min(...samples));
  } finally {
    await fleet.close();
  }
}
