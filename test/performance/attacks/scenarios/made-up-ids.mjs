// How often strangers have the API asked with ids they make up, and when a payer sees that it is paid meanwhile.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../lib/api.mjs';
import { createClient, flood } from '../lib/http.mjs';
import { SECRET, startVictim } from '../lib/start-victim.mjs';

const SECONDS = 8;
const WORKERS = 64;
const STRANGERS = '127.0.0.1';

/** `[what, generation, the API, the payer's address]`; nobody vouches for the payer's id either. */
const floods = [
  ['v2, 5 ms an answer', 'v2', { delayMs: 5 }, '127.0.0.2'],
  ['v1, 5 ms an answer', 'v1', { delayMs: 5 }, '127.0.0.2'],
  ['v2, 2 s an answer', 'v2', { delayMs: 2_000 }, '127.0.0.2'],
  ['v2, 2 s an answer, the payer has their address', 'v2', { delayMs: 2_000 }, STRANGERS],
  ['v2, no more than 300 calls, then 429', 'v2', { delayMs: 5, mostCalls: 300 }, '127.0.0.2'],
];

async function measureOne(kit, [what, generation, apiOptions, payerFrom]) {
  const api = await startApi(apiOptions);
  const victim = await startVictim(kit, { webhookSecret: SECRET, ...api.optionsFor(generation) });
  const strangers = createClient(victim.port, { from: STRANGERS, connections: WORKERS });
  const payer = createClient(victim.port, { from: payerFrom });
  try {
    const { rssBytes } = await victim.begin();
    const end = performance.now() + SECONDS * 1000;
    const isOver = () => performance.now() > end;
    let requests = 0;
    const flooding = flood(WORKERS, isOver, () => {
      requests += 1;
      return strangers.ask(`/success?uuid=pay@${randomUUID()}`);
    });
    await sleep(1_000);
    const paidAfterMs = await untilPaid(payer, isOver);
    while (!isOver()) await sleep(100);
    const { calls, mostInFlight } = api.seen;
    await flooding;
    const { peakRssBytes } = await victim.figures();
    return {
      what,
      figures: {
        requestsPerSecond: requests / SECONDS,
        callsPerSecond: calls / SECONDS,
        callsAtOnce: mostInFlight,
        paidAfterMs,
        peakMiB: (peakRssBytes - rssBytes) / 1_048_576,
      },
    };
  } finally {
    strangers.close();
    payer.close();
    await victim.stop();
    api.close();
  }
}

/** When the payer's page says so, which loads itself again every second. */
async function untilPaid(payer, isOver) {
  const start = performance.now();
  const headers = { accept: 'application/json' };
  while (!isOver()) {
    const { text } = await payer.ask('/success?uuid=pay@paid-1', { headers });
    if (text.includes('"paid"')) return performance.now() - start;
    await sleep(1_000);
  }
  return 'never';
}

export const madeUpIds = {
  name: 'made-up-ids',
  title:
    'Success pages of made-up ids, 64 requests at once: calls of the API, and a payer meanwhile',
  async measure({ kit }) {
    const rows = [];
    for (const flooded of floods) rows.push(await measureOne(kit, flooded));
    return rows;
  },
};
