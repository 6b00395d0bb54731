// How often forgers have the API asked by a kit that has no secret, and what becomes of a genuine delivery meanwhile.
import { setTimeout as sleep } from 'node:timers/promises';
import { GENUINE, startApi } from '../lib/api.mjs';
import { createClient, flood } from '../lib/http.mjs';
import { forged, paymentV2 } from '../lib/requests.mjs';
import { startVictim } from '../lib/start-victim.mjs';

const SECONDS = 6;
const WORKERS = 64;

/** `[what, the API]` */
const floods = [
  ['5 ms an answer', { delayMs: 5 }],
  ['1 s an answer', { delayMs: 1_000 }],
];

async function measureOne(kit, [what, apiOptions]) {
  const api = await startApi(apiOptions);
  const victim = await startVictim(kit, { endpointUuid: 'e', ...api.optionsFor('v2') });
  const forgers = createClient(victim.port, { from: '127.0.0.1', connections: WORKERS });
  const qbitflow = createClient(victim.port, { from: '127.0.0.2' });
  const post = (client, body) =>
    client.ask('/webhook', { method: 'POST', headers: forged.v2(), body });
  try {
    const end = performance.now() + SECONDS * 1000;
    const isOver = () => performance.now() > end;
    const flooding = flood(WORKERS, isOver, () => post(forgers, paymentV2()));
    await sleep(2_000);
    const start = performance.now();
    const body = paymentV2().toString().replace('"description":""', `"description":"${GENUINE}"`);
    const { status } = await post(qbitflow, body);
    const answeredMs = performance.now() - start;
    while (!isOver()) await sleep(100);
    const { calls, mostInFlight } = api.seen;
    await flooding;
    return {
      what,
      figures: {
        callsPerSecond: calls / SECONDS,
        callsAtOnce: mostInFlight,
        genuine: status,
        answeredMs,
      },
    };
  } finally {
    forgers.close();
    qbitflow.close();
    await victim.stop();
    api.close();
  }
}

export const remoteChecks = {
  name: 'remote-checks',
  title: 'Forgeries, 64 at once, checked by the API: calls of it, and a genuine delivery meanwhile',
  async measure({ kit }) {
    const rows = [];
    for (const flooded of floods) rows.push(await measureOne(kit, flooded));
    return rows;
  },
};
