import { isDrained } from '../support/drained.mjs';
import { makeEvents } from '../support/events.mjs';
import { startFleet } from '../support/fleet.mjs';
import { readLog, successesIn } from '../support/log.mjs';
import { seeded } from '../support/random.mjs';
import { sendFromMany } from '../support/sender.mjs';
import { createTally } from '../support/tally.mjs';
import { until } from '../support/until.mjs';

const PARKED_AFTER = 3;

/** One event among many kills its process every time; whoever supervises the receiver starts it again. */
export async function poison(arena, { seed, events: count }) {
  const random = seeded(seed);
  const [killer] = makeEvents(random, 1, 'exit');
  const others = makeEvents(random, count);
  const tally = createTally();
  const args = [`--store=${arena.spec}`, `--log=${arena.log}`, '--lease=700', '--delay=5'];
  const fleet = await startFleet(1, { args, restart: true });
  try {
    const urls = random.fork();
    const deliveries = random.shuffled([killer, ...others]);
    await sendFromMany(
      deliveries.map((event) => ({ event, version: 'v2' })),
      { senders: 2, loops: 4, urlOf: () => fleet.urlOf(urls), tally, random },
    );
    await until('all is settled', async () => isDrained(arena.store, count + 1), 60_000);
  } finally {
    await fleet.close();
  }
  const lines = readLog(arena.log);
  const { dead, done } = await arena.store.stats();
  const parked = await arena.store.get(killer.key);
  const handled = new Set(successesIn(lines).map(({ key }) => key));
  const facts = {
    [`it killed ${PARKED_AFTER} processes and no more`]: fleet.deaths.length === PARKED_AFTER,
    'it is dead': parked?.state === 'dead',
    [`it was started ${PARKED_AFTER} times`]: parked?.started === PARKED_AFTER,
    'its record says why': /started 3 times and never finished/.test(parked?.lastError ?? ''),
    // By its own history: a process that is ended may not get to its log any more.
    'it was buried once':
      parked?.attempts?.filter(({ outcome }) => outcome === 'dead').length === 1,
    'nothing else is dead': dead === 1 && done === count,
    'all others were handled': others.every(({ key }) => handled.has(key)),
  };
  const broken = Object.entries(facts).flatMap(([fact, holds]) => (holds ? [] : [fact]));
  const { answers } = tally.figures();
  const figures = { events: count + 1, answers, kills: fleet.deaths.length, dead, left: 0 };
  return { broken: broken.map((fact) => `not true: ${fact}`), figures };
}
