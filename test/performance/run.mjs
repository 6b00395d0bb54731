#!/usr/bin/env node
// The cost of an acknowledged webhook, ours beside what people write by hand: `npm run bench`.
//   --seconds <n>   load per contender and round (1)      --rounds <n>   rounds (3)
//   --only a,b      these contenders only                 --json         figures for a program
// It measures and prints; it never fails for being slow. Differences under a tenth are noise.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { contenders } from './lib/contenders.mjs';
import { deliveries, delivery } from './lib/deliveries.mjs';
import { load } from './lib/load.mjs';
import { summarise, table } from './lib/report.mjs';
import { startServer } from './lib/servers.mjs';

const WARM_UP_S = 0.5;
const WARM_UP_DELIVERIES = 8_000;
const HANDLERS_MAY_TAKE_MS = 5_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const wanted = values.only?.split(',') ?? contenders;
const unknown = wanted.filter((name) => !contenders.includes(name));
if (!(seconds > 0) || !(Number.isInteger(rounds) && rounds > 0) || unknown.length > 0) {
  console.error(
    `--seconds and --rounds take a positive number, --only names of: ${contenders.join(', ')}`,
  );
  process.exit(2);
}

/** A figure counts only when every answer was the right one. */
function mustAnswer(status, name, { statuses, answers }) {
  if (statuses[status] !== answers || answers === 0)
    throw new Error(`${name}: expected only ${status}, got ${JSON.stringify(statuses)}`);
}

/** Warms the server up and proves that it checks signatures. Returns its rough speed. */
async function warmUp(server, requests) {
  const { name, port } = server;
  const forged = [delivery({ secret: 'whsec_somebody_else' })];
  mustAnswer(401, name, await load({ port, requests: forged, seconds: 1, connections: 1 }));
  const warm = await load({ port, requests, seconds: WARM_UP_S });
  mustAnswer(200, name, warm);
  return warm;
}

/** Every accepted event must reach the handler, or the speed was borrowed. */
async function handlersMustHaveRun(server, accepted) {
  const deadline = performance.now() + HANDLERS_MAY_TAKE_MS;
  let handled = await server.handled();
  while (handled !== null && handled < accepted && performance.now() < deadline) {
    await sleep(50);
    handled = await server.handled();
  }
  if (handled !== null && handled !== accepted)
    throw new Error(`${server.name}: ${accepted} events accepted, ${handled} handled`);
}

async function measure(servers) {
  const accepted = new Map();
  const rates = new Map(servers.map(({ name }) => [name, []]));
  let fastest = 0;
  const warming = deliveries(WARM_UP_DELIVERIES);
  for (const server of servers) {
    const warm = await Promise.race([warmUp(server, warming), server.ended]);
    accepted.set(server.name, warm.answers);
    fastest = Math.max(fastest, warm.perSecond);
  }
  for (let round = 0; round < rounds; round += 1) {
    // New for every server: each sees each of them once. A run-out only shortens the slot.
    const requests = deliveries(Math.ceil(fastest * seconds * 1.5));
    const order = [
      ...servers.slice(round % servers.length),
      ...servers.slice(0, round % servers.length),
    ];
    for (const server of order) {
      const { name, port } = server;
      const result = await Promise.race([load({ port, requests, seconds }), server.ended]);
      mustAnswer(200, name, result);
      await handlersMustHaveRun(server, accepted.get(name) + result.answers);
      accepted.set(name, accepted.get(name) + result.answers);
      rates.get(name).push(result.perSecond);
    }
  }
  return rates;
}

const servers = [];
try {
  for (const name of wanted) servers.push(await startServer(name));
  const summary = summarise(await measure(servers));
  console.log(values.json ? JSON.stringify(summary, null, 2) : table(summary));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await Promise.all(servers.map((server) => server.stop()));
}
