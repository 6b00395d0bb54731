import { makeEvents, planDeliveries } from '../support/events.mjs';
import { createEffects } from '../support/effects.mjs';
import { startFleet } from '../support/fleet.mjs';
import { killAtRandom } from '../support/killer.mjs';
import { readLog } from '../support/log.mjs';
import {
  brokenPromises,
  nobodyDied,
  noneAfterItsSuccessWasRecorded,
  nothingIsLeft,
} from '../support/promises.mjs';
import { seeded } from '../support/random.mjs';
import { figuresOf } from '../support/figures.mjs';
import { sendFromMany } from '../support/sender.mjs';
import { createTally } from '../support/tally.mjs';
import { isDrained } from '../support/drained.mjs';
import { until } from '../support/until.mjs';

const KILL_EVERY_MS = 400;
const DRAIN_WITHIN_MS = 90_000;

/**
 * Receivers are killed at random while several senders deliver every event one to four times. `within`: the handlers
 * write into the merchant's own table in one transaction with the completion (PostgreSQL).
 */
export async function kill(arena, { seed, events: count, kills, within = false }) {
  const random = seeded(seed);
  const events = makeEvents(random, count);
  const deliveries = planDeliveries(random, events);
  const tally = createTally();
  const effects = within ? await createEffects(arena) : undefined;
  const args = [
    `--store=${arena.spec}`,
    `--log=${arena.log}`,
    '--lease=1500',
    '--delay=10',
    // With so many kills in so few seconds chance alone hits a delivery three times: the killer is known.
    '--unfinished-starts=12',
    ...(effects === undefined ? [] : [`--complete-within=${effects.table}`]),
  ];
  const fleet = await startFleet(3, { args });
  try {
    const forMs = kills * KILL_EVERY_MS;
    const urls = random.fork();
    const urlOf = () => fleet.urlOf(urls);
    await Promise.all([
      sendFromMany(deliveries, { senders: 4, loops: 6, forMs, urlOf, tally, random }),
      killAtRandom(fleet, { kills, everyMs: KILL_EVERY_MS, random: random.fork() }),
    ]);
    await until('all is done', async () => isDrained(arena.store, count), DRAIN_WITHIN_MS);
  } finally {
    await fleet.close();
  }
  const lines = readLog(arena.log);
  const broken = effects
    ? [
        ...(await effects.broken(events)),
        ...noneAfterItsSuccessWasRecorded(lines),
        ...(await nothingIsLeft(arena.store, count)),
        ...nobodyDied(fleet),
      ]
    : await brokenPromises({ arena, lines, events, fleet });
  const figures = await figuresOf({ arena, tally, fleet, lines, events });
  return { broken, figures };
}
