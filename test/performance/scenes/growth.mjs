// What a store that has kept much costs, beside one that has kept little.
import { stat } from 'node:fs/promises';
import { mustAnswer } from '../lib/load.mjs';
import { pacedLoad } from '../lib/paced-load.mjs';
import { senders } from '../lib/senders.mjs';
import { startServer } from '../lib/servers.mjs';
import { quantile } from '../lib/statistics.mjs';

const STORES = ['memory', 'postgres', 'redis', 'sqlite'];
const LEVELS = [
  { done: 1_000, due: 0 },
  { done: 100_000, due: 0 },
  { done: 1_000_000, due: 0 },
  { done: 1_000_000, due: 100_000 },
];
const QUICK_LEVELS = [
  { done: 1_000, due: 0 },
  { done: 10_000, due: 0 },
  { done: 10_000, due: 1_000 },
];
const ACKS_PER_SECOND = 300;
const ACK_ROUNDS = 3;

const deliveries = (count) => Array.from({ length: count }, () => senders.qbitflow.make(false));

/** How much room the store takes, in bytes: of the disk, of Redis, or of the process. */
const sizes = {
  memory: async ({ server }) => (await server.ask('heap')).bytes,
  async postgres({ databases: { pool }, env }) {
    const { rows } = await pool.query(
      `SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS bytes
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relkind = 'r'`,
      [env.BENCH_SPACE],
    );
    return rows[0].bytes;
  },
  async redis({ databases: { redis } }) {
    return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))[1]);
  },
  async sqlite({ env }) {
    const { size } = await stat(`${env.BENCH_FOLDER}/${env.BENCH_SPACE}.db`);
    return size;
  },
};

/** Gives back the room of what was dropped, as an administrator would. */
const vacuums = {
  async postgres({ databases: { pool }, env }) {
    const { rows } = await pool.query('SELECT tablename FROM pg_tables WHERE schemaname = $1', [
      env.BENCH_SPACE,
    ]);
    for (const { tablename } of rows)
      await pool.query(`VACUUM FULL "${env.BENCH_SPACE}"."${tablename}"`);
  },
  async sqlite({ env }) {
    const { openSqlite } = await import('../servers/shared/open-sqlite.mjs');
    const database = await openSqlite(`${env.BENCH_FOLDER}/${env.BENCH_SPACE}.db`);
    database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  },
};

/** The acknowledgment at a steady rate; the median of the rounds' percentiles, since one hiccup is a p99. */
async function acks(server, quick) {
  const rounds = [];
  for (let round = 0; round < ACK_ROUNDS; round += 1) {
    const requests = deliveries(ACKS_PER_SECOND * (quick ? 1 : 3));
    const sent = await pacedLoad({ ports: [server.port], requests, perSecond: ACKS_PER_SECOND });
    mustAnswer(200, server.name, sent);
    rounds.push({ p50: quantile(sent.ackMs, 0.5), p99: quantile(sent.ackMs, 0.99) });
  }
  const middle = (name) =>
    quantile(
      rounds.map((round) => round[name]),
      0.5,
    );
  return { p50: middle('p50'), p99: middle('p99') };
}

/** What one store's levels are held to: ratios and times with a million against a thousand. */
function goalsOf(levels) {
  const [little] = levels;
  const much = levels.findLast(({ due }) => due === 0);
  const pages = Object.entries(much.times).filter(([name]) => name.startsWith('list'));
  const slowest = pages.toSorted(([, one], [, other]) => other.ms - one.ms)[0];
  return {
    ackRatio: much.ack.p99 / little.ack.p99,
    statsMs: much.times['stats()'].ms,
    slowestPage: { name: slowest[0], ms: slowest[1].ms },
    longestStopMs: Math.max(...Object.values(much.times).map((one) => one.longestStopMs)),
  };
}

async function grow(store, { node, databases, quick, say }) {
  const env = databases.space();
  const options = { name: store, file: 'growth/ours', args: [store], node: node.path, env };
  const server = await startServer(options);
  const context = { server, databases, env };
  try {
    // What the process needs to be warm is no room of the store's; what its tables need empty is.
    const emptyTables = await sizes[store](context);
    await acks(server, quick);
    const empty = store === 'memory' ? await sizes[store](context) : emptyTables;
    const levels = [];
    let [done, due] = [0, 0];
    for (const level of quick ? QUICK_LEVELS : LEVELS) {
      say(`${store}: ${level.done} done, ${level.due} due`);
      const start = performance.now();
      await server.ask('done', level.done - done);
      await server.ask('due', level.due - due);
      const filledMs = performance.now() - start;
      const bytes = (await sizes[store](context)) - empty;
      [done, due] = [level.done, level.due];
      const times = await server.ask('times');
      levels.push({ ...level, filledMs, bytes, ack: await acks(server, quick), times });
    }
    say(`${store}: work off ${due}, prune`);
    const start = performance.now();
    await server.ask('drain');
    const drainedPerSecond = (due / (performance.now() - start)) * 1000;
    const pruned = await server.ask('prune');
    await vacuums[store]?.(context);
    const bytesAfter = (await sizes[store](context)) - empty;
    const bytesAnId = bytesAfter / pruned.dropped;
    return { store, levels, drainedPerSecond, pruned, bytesAnId, goals: goalsOf(levels) };
  } finally {
    await server.stop();
    await databases.drop(env.BENCH_SPACE);
  }
}

export const growth = {
  name: 'growth',
  title: 'Growth: a million kept',
  runsOn: 'first',
  async measure({ only, ...context }) {
    const stores = [];
    for (const store of STORES.filter((name) => only === undefined || only(name)))
      stores.push(await grow(store, context));
    return { stores };
  },
};
