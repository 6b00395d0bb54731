// Processor time and the longest block of the event loop, request by request, one in flight: a forgery of each kind
// beside a genuine delivery.
import { hardBodies } from '../lib/bodies.mjs';
import { openConnection } from '../lib/connection.mjs';
import { percentile } from '../lib/report.mjs';
import {
  forged,
  head,
  paymentV1,
  paymentV2,
  request,
  v1Headers,
  v2Headers,
} from '../lib/requests.mjs';
import { startVictim } from '../lib/start-victim.mjs';

const LARGE = 1_040_000;
const HOUR = 3_600;
const later = () => Math.floor(Date.now() / 1000) - HOUR;

/** `[what, wanted status, () => bytes of a request, how many]` */
const kinds = [
  ['genuine v2, 0.4 kB', 200, () => signedV2(paymentV2()), 300],
  ['genuine v1, 0.3 kB', 200, () => signedV1(paymentV1()), 300],
  ['genuine v2, 1 MiB', 200, () => signedV2(paymentV2(LARGE)), 40],
  ['genuine v1, 1 MiB', 200, () => signedV1(paymentV1(LARGE)), 40],
  ['no signature, 0.4 kB', 401, () => request({}, paymentV2()), 300],
  ['no signature, 1 MiB', 401, () => request({}, paymentV2(LARGE)), 40],
  [
    'v2, malformed header, 1 MiB',
    401,
    () => request({ 'QBitFlow-Signature': 't=1' }, paymentV2(LARGE)),
    40,
  ],
  ['v2, an hour old, 1 MiB', 401, () => request(forged.v2(later()), paymentV2(LARGE)), 40],
  ['v1, an hour old, 1 MiB', 401, () => request(forged.v1(later()), paymentV1(LARGE)), 40],
  ['v2, wrong signature, 0.4 kB', 401, () => request(forged.v2(), paymentV2()), 300],
  ['v1, wrong signature, 0.3 kB', 401, () => request(forged.v1(), paymentV1()), 300],
  ['v2, wrong signature, 1 MiB', 401, () => request(forged.v2(), paymentV2(LARGE)), 40],
  ['v1, wrong signature, 1 MiB', 401, () => request(forged.v1(), paymentV1(LARGE)), 40],
  ['1 GiB announced', 413, () => head(forged.v2(), 2 ** 30), 40],
  ...Object.entries(hardBodies).map(([name, body]) => [
    `v1, wrong signature, ${name}`,
    401,
    () => request(forged.v1(), body),
    15,
  ]),
  [
    'v2, wrong signature, many short keys',
    401,
    () => request(forged.v2(), hardBodies['many short keys']),
    15,
  ],
];

const signedV2 = (body) => request(v2Headers(body), body);
const signedV1 = (body) => request(v1Headers(body), body);

async function measureOne(kit, [what, wanted, make, count]) {
  const victim = await startVictim(kit);
  try {
    for (let warm = 0; warm < Math.ceil(count / 5); warm += 1)
      await sendOne(victim.port, make(), wanted);
    await victim.begin();
    for (let sent = 0; sent < count; sent += 1) await sendOne(victim.port, make(), wanted);
    const { cpuMs, longestBlockMs } = await victim.figures();
    const figures = {
      cpuP50Ms: percentile(cpuMs, 0.5),
      cpuP99Ms: percentile(cpuMs, 0.99),
      longestBlockMs,
    };
    return { what, figures };
  } finally {
    await victim.stop();
  }
}

async function sendOne(port, bytes, wanted) {
  const connection = await openConnection(port);
  void connection.write(bytes);
  const status = await connection.status();
  connection.close();
  if (status !== wanted) throw new Error(`expected ${wanted}, was answered ${status}`);
}

export const forgeryCost = {
  name: 'forgery-cost',
  title: 'What a forgery costs beside a genuine delivery',
  async measure({ kit }) {
    const rows = [];
    for (const kind of kinds) rows.push(await measureOne(kit, kind));
    return rows;
  },
};
