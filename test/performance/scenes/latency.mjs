// From the POST to the handler's success, at a tenth, a half and nine tenths of the highest load; and what more
// processes bring on one database.
import { setTimeout as sleep } from 'node:timers/promises';
import { slot } from '../lib/contest.mjs';
import { load, mustAnswer } from '../lib/load.mjs';
import { pacedLoad } from '../lib/paced-load.mjs';
import { senders } from '../lib/senders.mjs';
import { startServer } from '../lib/servers.mjs';
import { quantile, spread } from '../lib/statistics.mjs';

const STORES = ['memory', 'postgres', 'redis', 'sqlite'];
const SHARES = [0.1, 0.5, 0.9];
const SHARED_STORES = ['postgres', 'redis'];
const PROCESSES = [1, 2, 4];
const MAY_TAKE_MS = 30_000;

const deliveries = (count) => Array.from({ length: count }, () => senders.qbitflow.make(false));
const idOf = (request) => /"id":"(evt_[^"]+)"/.exec(request.latin1Slice())[1];
const percentiles = (values) => ({ p50: quantile(values, 0.5), p99: quantile(values, 0.99) });

/** All successes of `count` events. */
async function successesOf(server, count) {
  const all = [];
  const deadline = performance.now() + MAY_TAKE_MS;
  while (all.length < count && performance.now() < deadline) {
    await sleep(50);
    all.push(...(await server.ask('successes')));
  }
  if (all.length < count) throw new Error(`${server.name}: ${all.length} of ${count} handled`);
  return new Map(all);
}

/** One rate for `seconds`. */
async function atRate(server, perSecond, seconds) {
  const requests = deliveries(Math.ceil(perSecond * seconds));
  const sent = await pacedLoad({ ports: [server.port], requests, perSecond });
  mustAnswer(200, server.name, sent);
  const successes = await successesOf(server, requests.length);
  const wholeMs = requests.map((request, index) => {
    const atNs = successes.get(idOf(request));
    return (atNs - sent.sentNs[index]) / 1e6;
  });
  return { perSecond, ack: percentiles(sent.ackMs), whole: percentiles(wholeMs) };
}

/** The highest load: what comes out at the far end when 32 callers never pause. */
async function highestLoad(server, { warmUps, perSlot, rounds }) {
  await slot(server, { requests: deliveries(warmUps) });
  const rates = [];
  for (let round = 0; round < rounds; round += 1) {
    const accepted = warmUps + round * perSlot;
    const { perSecond } = await slot(server, { requests: deliveries(perSlot), accepted });
    rates.push(perSecond);
  }
  await server.ask('successes');
  return spread(rates).median;
}

async function wholeWay(store, { node, databases, quick }) {
  const env = databases.space();
  const options = { name: store, file: 'latency/ours', args: [store], node: node.path, env };
  const server = await startServer(options);
  try {
    const amounts = quick
      ? { warmUps: 1_500, perSlot: 1_500, rounds: 1 }
      : { warmUps: 3_000, perSlot: 3_000, rounds: 3 };
    const highest = await highestLoad(server, amounts);
    const loads = [];
    for (const share of SHARES)
      loads.push({ share, ...(await atRate(server, highest * share, quick ? 2 : 6)) });
    return { store, highest, loads };
  } finally {
    await server.stop();
  }
}

/** Events a second until handled, with `count` processes on one database and the load spread over them. */
async function withProcesses(store, count, { node, databases, quick }) {
  const env = databases.space();
  const servers = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const name = `${store} ${index + 1} of ${count}`;
      const options = { name, file: 'inboxes/ours', args: [store], node: node.path, env };
      servers.push(await startServer(options));
    }
    const total = async () => {
      const figures = await Promise.all(servers.map((server) => server.figures()));
      return figures.reduce((sum, { handled }) => sum + handled, 0);
    };
    const rates = [];
    const perRound = quick ? 1_500 : 4_000;
    for (let round = 0; round <= (quick ? 1 : 3); round += 1) {
      const requests = deliveries(perRound);
      const before = await total();
      const start = performance.now();
      const share = perRound / count;
      await Promise.all(
        servers.map(async ({ name, port }, index) => {
          const own = requests.slice(index * share, (index + 1) * share);
          mustAnswer(200, name, await load({ port, requests: own, connections: 32 / count }));
        }),
      );
      const deadline = start + MAY_TAKE_MS;
      while ((await total()) < before + perRound && performance.now() < deadline) await sleep(10);
      if ((await total()) < before + perRound) throw new Error(`${store}: not all were handled`);
      // The first round only warms up.
      if (round > 0) rates.push(perRound / ((performance.now() - start) / 1000));
    }
    return { store, processes: count, perSecond: spread(rates) };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

export const latency = {
  name: 'latency',
  title: 'The whole way, from the POST to the success of its handler',
  runsOn: 'first',
  async measure({ only, say, ...context }) {
    const wanted = (name) => only === undefined || only(name);
    const figures = { wholeWay: [], processes: [] };
    for (const store of STORES.filter(wanted)) {
      say(`${store}: whole way`);
      figures.wholeWay.push(await wholeWay(store, context));
    }
    for (const store of SHARED_STORES.filter(wanted))
      for (const count of PROCESSES) {
        say(`${store}: ${count} processes`);
        figures.processes.push(await withProcesses(store, count, context));
      }
    return figures;
  },
};
