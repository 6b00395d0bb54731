// How much memory strangers can hold with bodies they never finish, and whether a genuine delivery still gets in.
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from '../lib/connection.mjs';
import { forged, head, paymentV2, request, v2Headers } from '../lib/requests.mjs';
import { startVictim } from '../lib/start-victim.mjs';

const MIB = 1_048_576;
const almost = Buffer.alloc(MIB - 1, '0');
/** Two bytes a chunk, ten on the wire. */
const crumbs = Buffer.from('2\r\n00\r\n'.repeat(100_000));

/** `[what, connections, () => bytes of an unfinished request]` */
const floods = [
  ['500 bodies of 1 MiB, a byte short', 500, () => Buffer.concat([head(forged.v2(), MIB), almost])],
  [
    '500 bodies of 1 MiB, a byte short, without a signature',
    500,
    () => Buffer.concat([head({}, MIB), almost]),
  ],
  [
    '500 chunked bodies without an end',
    500,
    () => Buffer.concat([head(forged.v2()), Buffer.from('fffff\r\n'), almost]),
  ],
  ['50 bodies in chunks of two bytes', 50, () => Buffer.concat([head(forged.v2()), crumbs])],
  [
    '2,000 bodies of 16 KiB, a byte short',
    2_000,
    () => Buffer.concat([head(forged.v2(), 16_384), almost.subarray(0, 16_383)]),
  ],
];

async function measureOne(kit, [what, count, make]) {
  const victim = await startVictim(kit);
  const connections = [];
  try {
    await served(victim.port);
    const { rssBytes } = await victim.begin();
    for (let opened = 0; opened < count; opened += 1) {
      const connection = await openConnection(victim.port);
      connections.push(connection);
      void connection.write(make());
    }
    await sleep(3_000);
    const start = performance.now();
    const status = await served(victim.port);
    const answeredMs = performance.now() - start;
    const { peakRssBytes } = await victim.figures();
    return {
      what,
      figures: { peakMiB: (peakRssBytes - rssBytes) / MIB, genuine: status, answeredMs },
    };
  } finally {
    for (const connection of connections) connection.close();
    await victim.stop();
  }
}

/** The answer to a genuine delivery. */
async function served(port) {
  const body = paymentV2();
  const connection = await openConnection(port);
  await connection.write(request(v2Headers(body), body));
  const status = await connection.status();
  connection.close();
  return status;
}

export const unfinishedBodies = {
  name: 'unfinished-bodies',
  title:
    'Bodies that are never finished: peak memory above the idle shop, and a genuine delivery meanwhile',
  async measure({ kit }) {
    const rows = [];
    for (const flood of floods) rows.push(await measureOne(kit, flood));
    return rows;
  },
};
