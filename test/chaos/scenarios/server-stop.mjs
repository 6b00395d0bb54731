import { setTimeout as sleep } from 'node:timers/promises';
import { isDrained } from '../support/drained.mjs';
import { createEffects } from '../support/effects.mjs';
import { makeEvents, planDeliveries } from '../support/events.mjs';
import { figuresOf } from '../support/figures.mjs';
import { startFleet } from '../support/fleet.mjs';
import { readLog } from '../support/log.mjs';
import {
  everyHandlerSucceeded,
  noneAfterItsSuccessWasRecorded,
  nobodyDied,
  nothingIsLeft,
} from '../support/promises.mjs';
import { seeded } from '../support/random.mjs';
import { sendFromMany } from '../support/sender.mjs';
import { createTally } from '../support/tally.mjs';
import { until } from '../support/until.mjs';

const RECORD_TIMEOUT_MS = 1_000;
/** A machine with little to spare may be late; one that waits for the store's own 5 s is not what was promised. */
const REFUSED_WITHIN_MS = 3_500;
const DRAIN_WITHIN_MS = 60_000;

/** The store's server is stopped and started while deliveries come in: first gently, then as in a crash. */
export async function serverStop(arena, options) {
  const { seed, events: count, forMs, downMs, within = false } = options;
  const random = seeded(seed);
  const events = makeEvents(random, count);
  const tally = createTally();
  const effects = within ? await createEffects(arena) : undefined;
  const fleet = await startFleet(2, {
    args: [
      `--store=${arena.spec}`,
      `--log=${arena.log}`,
      `--record-timeout=${RECORD_TIMEOUT_MS}`,
      '--lease=6000',
      '--delay=10',
      ...(effects === undefined ? [] : [`--complete-within=${effects.table}`, '--backoff=1000']),
    ],
  });
  try {
    const urls = random.fork();
    const urlOf = () => fleet.urlOf(urls);
    const sending = sendFromMany(planDeliveries(random, events), {
      senders: 3,
      loops: 6,
      forMs,
      urlOf,
      tally,
      random,
    });
    for (const gentle of [true, false]) {
      await sleep(random.whole(500, 1_500));
      await arena.server.stop({ gentle });
      await sleep(downMs);
      await arena.server.start();
    }
    await sending;
    await until('all is done', async () => isDrained(arena.store, count), DRAIN_WITHIN_MS);
  } finally {
    await fleet.close();
  }
  const lines = readLog(arena.log);
  const broken = [
    ...(await (effects?.broken(events) ?? everyHandlerSucceeded(lines, events))),
    ...noneAfterItsSuccessWasRecorded(lines),
    ...(await nothingIsLeft(arena.store, count)),
    ...nobodyDied(fleet),
    ...refusedInTime(tally),
  ];
  const slowest = { 'slowest 503 (ms)': tally.slowestMs(503) };
  return {
    broken,
    figures: { ...(await figuresOf({ arena, tally, fleet, lines, events })), ...slowest },
  };
}

function refusedInTime(tally) {
  const broken = [];
  if (tally.count(503) === 0) broken.push('no delivery was answered 503 while the server was down');
  if (tally.slowestMs(503) > REFUSED_WITHIN_MS)
    broken.push(`a 503 took ${tally.slowestMs(503)} ms`);
  if (tally.count('timeout') + tally.count('none') > 0)
    broken.push('a delivery was not answered at all');
  return broken;
}
