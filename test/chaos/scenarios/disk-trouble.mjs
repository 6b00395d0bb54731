import { isDrained } from '../support/drained.mjs';
import { makeEvents } from '../support/events.mjs';
import { figuresOf } from '../support/figures.mjs';
import { startFleet } from '../support/fleet.mjs';
import { readLog } from '../support/log.mjs';
import { brokenPromises } from '../support/promises.mjs';
import { seeded } from '../support/random.mjs';
import { sendFromMany } from '../support/sender.mjs';
import { createTally } from '../support/tally.mjs';
import { until } from '../support/until.mjs';

/** What the log must say of each trouble. */
const SAYS = { full: /full/i, readonly: /read.?only|not be written/i };

/** SQLite's disk is full, or its file read-only, for a while: 503, a clear log, and everything is there in the end. */
export async function diskTrouble(arena, { seed, events: count, trouble }) {
  const random = seeded(seed);
  const events = makeEvents(random, count);
  const tally = createTally();
  const args = [`--store=${arena.spec}?trouble=${trouble}`, `--log=${arena.log}`, '--lease=2000'];
  const fleet = await startFleet(1, { args });
  const [receiver] = fleet.slots;
  const urls = random.fork();
  const send = async (some) =>
    sendFromMany(
      some.map((event) => ({ event, version: 'v2' })),
      { senders: 2, loops: 2, urlOf: () => fleet.urlOf(urls), tally, random },
    );
  try {
    await send(events.slice(0, count / 2));
    receiver.signal('SIGUSR2');
    const sending = send(events.slice(count / 2));
    await until('deliveries are refused', () => tally.count(503) >= 5);
    receiver.signal('SIGUSR2');
    await sending;
    await until('all is done', async () => isDrained(arena.store, count), 60_000);
  } finally {
    await fleet.close();
  }
  const lines = readLog(arena.log);
  const broken = await brokenPromises({ arena, lines, events, fleet });
  const complaints = receiver.stderr.split('\n').filter((line) => line.includes('"onError"'));
  if (!complaints.some((line) => SAYS[trouble].test(JSON.parse(line).message)))
    broken.push(`onError was not told that the disk is ${trouble}: ${complaints.at(0)}`);
  return { broken, figures: await figuresOf({ arena, tally, fleet, lines, events }) };
}
