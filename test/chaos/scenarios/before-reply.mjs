import { isDrained } from '../support/drained.mjs';
import { makeEvents, signed } from '../support/events.mjs';
import { startFleet } from '../support/fleet.mjs';
import { readLog, successesIn } from '../support/log.mjs';
import { brokenPromises } from '../support/promises.mjs';
import { seeded } from '../support/random.mjs';
import { post } from '../support/sender.mjs';
import { until } from '../support/until.mjs';

const AT_ONCE = 8;

/** Handlers run before the answer; a slow one is answered all the same and goes on. */
export async function beforeReply(arena, { seed, events: count }) {
  const random = seeded(seed);
  const quick = makeEvents(random, count);
  const [slow] = makeEvents(random, 1, 'late');
  const args = [`--store=${arena.spec}`, `--log=${arena.log}`, '--processing=before-reply'];
  const broken = [];
  const fleets = [];
  try {
    const fleet = await open(args);
    for (let from = 0; from < count; from += AT_ONCE) {
      const batch = quick.slice(from, from + AT_ONCE);
      await Promise.all(
        batch.map(async (event) => broken.push(...(await runsFirst(fleet, event)))),
      );
    }
    // Two at once would take each other's work, and an answer waits only for what its own process runs.
    await fleet.close();
    broken.push(...(await isAnsweredAnyway(await open([...args, '--before-reply=50']), slow)));
    await until('all is done', async () => isDrained(arena.store, count + 1));
  } finally {
    await Promise.all(fleets.map(async (fleet) => fleet.close()));
  }
  const lines = readLog(arena.log);
  const all = { kills: [], deaths: fleets.flatMap(({ deaths }) => deaths) };
  broken.push(...(await brokenPromises({ arena, lines, events: [...quick, slow], fleet: all })));
  return { broken, figures: { events: count + 1, 'handled before the answer': count, left: 0 } };

  async function open(withArgs) {
    const fleet = await startFleet(1, { args: withArgs });
    fleets.push(fleet);
    return fleet;
  }

  async function runsFirst(fleet, event) {
    const { status } = await answerTo(fleet, event);
    if (status !== 200) return [`${event.key} was answered ${status}`];
    return isHandled(event) ? [] : [`${event.key} was answered before its handler had run`];
  }

  async function isAnsweredAnyway(fleet, event) {
    const { status } = await answerTo(fleet, event);
    if (status !== 200) return [`the slow one was answered ${status}`];
    if (isHandled(event)) return ['the slow one was not slow: nothing is shown'];
    const { state } = (await arena.store.get(event.key)) ?? {};
    return state === 'running' || state === 'due'
      ? []
      : [`the slow one is ${state} after its answer`];
  }

  function isHandled({ key }) {
    return successesIn(readLog(arena.log)).some((line) => line.key === key);
  }
}

async function answerTo({ slots }, event) {
  const [{ url }] = slots;
  return post(url, signed({ event, version: 'v2' }));
}
