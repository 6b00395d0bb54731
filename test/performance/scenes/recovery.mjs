// Walking QBitFlow's event log after an outage: everything in it is new, then everything is known.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { paymentCompleted } from '../lib/deliveries.mjs';
import { startServer } from '../lib/servers.mjs';

/** `[store, events]`: recovery records one event after another, so that a store that waits for a disk has fewer. */
const AMOUNTS = [
  ['memory', 100_000],
  ['redis', 20_000],
  ['sqlite', 5_000],
  ['postgres', 5_000],
];
const PAGE = 100;

/** An event log of `count` events, the same on every walk. */
async function startLog(count) {
  const pages = new Map();
  function page(number) {
    if (!pages.has(number)) pages.set(number, Array.from({ length: PAGE }, paymentCompleted));
    const items = pages.get(number);
    const isLast = (number + 1) * PAGE >= count;
    return { items, nextCursor: isLast ? null : `page_${number + 1}` };
  }
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url, 'http://api.invalid');
    const number = Number(/^page_(\d+)$/.exec(searchParams.get('cursor') ?? '')?.[1] ?? 0);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page(number)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${server.address().port}/v2`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function recovered([store, amount], { node, databases, quick }) {
  const count = quick ? Math.ceil(amount / 20 / PAGE) * PAGE : amount;
  const since = Date.now() - 60_000;
  const log = await startLog(count);
  const env = databases.space();
  const args = [store, log.baseUrl];
  const server = await startServer({
    name: store,
    file: 'recovery/ours',
    args,
    node: node.path,
    env,
  });
  try {
    const first = await server.ask('recover', since);
    const again = await server.ask('recover', since);
    if (first.report.recorded !== count || again.report.known !== count)
      throw new Error(`${store}: ${JSON.stringify([first.report, again.report])}`);
    const rate = ({ seconds, cpuUs }) => ({ perSecond: count / seconds, cpuUs: cpuUs / count });
    const peakMiB = again.peakRssBytes / 2 ** 20;
    return { store, events: count, fresh: rate(first), known: rate(again), peakMiB };
  } finally {
    await server.stop();
    log.close();
  }
}

export const recovery = {
  name: 'recovery',
  title: 'Recovery from the event log',
  runsOn: 'first',
  async measure({ only, say, ...context }) {
    const stores = [];
    for (const amount of AMOUNTS.filter(([store]) => only === undefined || only(store))) {
      say(amount[0]);
      stores.push(await recovered(amount, context));
    }
    return { stores };
  },
};
