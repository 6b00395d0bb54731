import { setTimeout as sleep } from 'node:timers/promises';

/** Kills a random listening receiver at random moments, so many times, `everyMs` apart on average. */
export async function killAtRandom(fleet, { kills, everyMs, random }) {
  while (fleet.kills.length < kills) {
    await sleep(random.whole(everyMs / 4, (everyMs * 7) / 4));
    const listening = fleet.slots.flatMap(({ url }, index) => (url === undefined ? [] : [index]));
    if (listening.length > 0) await fleet.kill(random.pick(listening));
  }
}
