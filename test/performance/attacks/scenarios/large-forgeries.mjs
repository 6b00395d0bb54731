// Strangers send large forgeries as fast as they are answered: what that holds, and how long a genuine delivery takes
// meanwhile.
import { hardBodies } from '../lib/bodies.mjs';
import { openConnection } from '../lib/connection.mjs';
import { percentile } from '../lib/report.mjs';
import { forged, paymentV1, paymentV2, request, v2Headers } from '../lib/requests.mjs';
import { startVictim } from '../lib/start-victim.mjs';

const MIB = 1_048_576;
const LARGE = 1_040_000;
const SENDERS = 32;
const SECONDS = 4;

/** `[what, () => bytes of a request]`; made once, so that it is the shop that is measured. */
const floods = [
  ['nothing', undefined],
  ['1 MiB without a signature', () => request({}, paymentV2(LARGE))],
  ["1 MiB under v2's header", () => request(forged.v2(), paymentV2(LARGE))],
  ["1 MiB under v1's headers", () => request(forged.v1(), paymentV1(LARGE))],
  [
    "1 MiB of keys with emoji under v1's headers",
    () => request(forged.v1(), hardBodies['many keys with emoji']),
  ],
];

async function sendUntil(deadline, port, bytes) {
  while (performance.now() < deadline) {
    const connection = await openConnection(port);
    void connection.write(bytes);
    await connection.status();
    connection.close();
  }
}

async function deliverUntil(deadline, port) {
  const tookMs = [];
  while (performance.now() < deadline || tookMs.length === 0) {
    const body = paymentV2();
    const start = performance.now();
    const connection = await openConnection(port);
    await connection.write(request(v2Headers(body), body));
    const status = await connection.status();
    connection.close();
    if (status !== 200) throw new Error(`a genuine delivery was answered ${status}`);
    tookMs.push(performance.now() - start);
  }
  return tookMs;
}

async function measureOne(kit, [what, make]) {
  const victim = await startVictim(kit);
  try {
    await deliverUntil(performance.now() + 200, victim.port);
    const { rssBytes } = await victim.begin();
    const deadline = performance.now() + SECONDS * 1000;
    const bytes = make?.();
    const senders = bytes === undefined ? 0 : SENDERS;
    const flood = Array.from({ length: senders }, () => sendUntil(deadline, victim.port, bytes));
    const tookMs = await deliverUntil(deadline, victim.port);
    await Promise.all(flood);
    const { peakRssBytes, longestBlockMs } = await victim.figures();
    return {
      what,
      figures: {
        genuineP50Ms: percentile(tookMs, 0.5),
        genuineP99Ms: percentile(tookMs, 0.99),
        longestBlockMs,
        peakMiB: (peakRssBytes - rssBytes) / MIB,
      },
    };
  } finally {
    await victim.stop();
  }
}

export const largeForgeries = {
  name: 'large-forgeries',
  title: `A genuine delivery while ${SENDERS} senders forge as fast as they are answered`,
  async measure({ kit }) {
    const rows = [];
    for (const flood of floods) rows.push(await measureOne(kit, flood));
    return rows;
  },
};
