// What importing the kit costs: processor time and files beyond what an app loads anyway, the way to its first 200, and
// its size in a bundle.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { load, mustAnswer } from '../lib/load.mjs';
import { senders } from '../lib/senders.mjs';
import { startServer } from '../lib/servers.mjs';
import { spread } from '../lib/statistics.mjs';

/** `[what, the modules that it imports, what the app has loaded by then]` */
const ENTRIES = [
  ['@qbitflow/core', ['@qbitflow/core'], ['zod']],
  ['@qbitflow/express', ['@qbitflow/express'], ['express', 'zod']],
  ['a webhook on Express', ['@qbitflow/core', '@qbitflow/express'], ['express', 'zod']],
  ['@qbitflow/koa', ['@qbitflow/koa'], ['koa', 'zod']],
  ['a webhook on Koa', ['@qbitflow/core', '@qbitflow/koa'], ['koa', 'zod']],
  ['@qbitflow/store-postgres', ['@qbitflow/store-postgres'], ['pg', '@qbitflow/core']],
  ['@qbitflow/store-redis', ['@qbitflow/store-redis'], ['ioredis', '@qbitflow/core']],
  ['@qbitflow/store-sqlite', ['@qbitflow/store-sqlite'], ['@qbitflow/core']],
];
const STARTS = [
  ['express5 by hand', 'hosts/express-by-hand', ['express']],
  ['express5 ours', 'hosts/express-ours', ['express']],
  ['node by hand', 'hosts/node-by-hand', []],
  ['node ours', 'hosts/node-ours', []],
];
const BUNDLES = [
  [
    'a webhook on Express',
    `export { createQBitFlow } from '@qbitflow/core'; export { webhookHandler } from '@qbitflow/express';`,
  ],
  [
    'a webhook on Koa',
    `export { createQBitFlow } from '@qbitflow/core'; export { webhookHandler } from '@qbitflow/koa';`,
  ],
  ['all of @qbitflow/core', `export * from '@qbitflow/core';`],
];
const EXPRESS_GOAL_MS = 25;

/** What a program in servers/import/ says of `modules`, in a process of its own. */
async function inNewProcess(program, modules, node) {
  const file = fileURLToPath(new URL(`../servers/import/${program}.mjs`, import.meta.url));
  const execArgv = ['--no-warnings'];
  const child = fork(file, modules, { execPath: node.path, execArgv, stdio: 'inherit' });
  const [told] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => {
      throw new Error(`importing ${modules.join(', ')} failed`);
    }),
  ]);
  return told;
}

async function ofEntry([what, own, beyond], node, rounds) {
  const modules = [...beyond, ...own];
  const cpuMs = [];
  const ms = [];
  const sum = (costs, name) => costs.reduce((total, cost) => total + cost[name], 0);
  for (let round = 0; round < rounds; round += 1) {
    const costs = (await inNewProcess('measure', modules, node)).slice(beyond.length);
    cpuMs.push(sum(costs, 'cpuMs'));
    ms.push(sum(costs, 'ms'));
  }
  const counted = (await inNewProcess('count', modules, node)).slice(beyond.length);
  const files = counted.flatMap((one) => one.files);
  const bytes = files.reduce((total, url) => total + statSync(fileURLToPath(url)).size, 0);
  return { what, beyond, cpuMs: spread(cpuMs), ms: spread(ms), files: files.length, bytes };
}

async function firstAnswer([name, file, args], node, rounds) {
  const ms = [];
  for (let round = 0; round < rounds; round += 1) {
    const requests = [senders.qbitflow.make(false)];
    const start = performance.now();
    const server = await startServer({ name, file, args, node: node.path });
    mustAnswer(200, name, await load({ port: server.port, requests, connections: 1 }));
    ms.push(performance.now() - start);
    await server.stop();
  }
  return { name, ms: spread(ms) };
}

/** The frameworks and drivers stay outside: an app has them anyway, or does not use them. */
const OUTSIDE = /^(express|koa|ws|pg|ioredis|libsql)$/;

async function bundled([what, source]) {
  const bundle = await rolldown({
    input: 'entry',
    platform: 'node',
    external: (id) => OUTSIDE.test(id) || id.startsWith('node:'),
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? fileURLToPath(import.meta.url) + '.entry.mjs' : null),
        load: (id) => (id.endsWith('.entry.mjs') ? source : null),
      },
    ],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const code = output.map((chunk) => chunk.code ?? '').join('');
  return { what, bytes: Buffer.byteLength(code), gzipBytes: gzipSync(code).length };
}

export const imports = {
  name: 'import',
  title: 'Import, first answer, bundles',
  async measure({ node, quick, rounds = quick ? 3 : 11, say }) {
    const entries = [];
    for (const entry of ENTRIES) {
      say(entry[0]);
      entries.push(await ofEntry(entry, node, rounds));
    }
    const starts = [];
    for (const start of STARTS) starts.push(await firstAnswer(start, node, rounds));
    const bundles = [];
    for (const bundle of BUNDLES) bundles.push(await bundled(bundle));
    const express = entries.find(({ what }) => what === 'a webhook on Express');
    const importGoal = { of: express.what, atMostMs: EXPRESS_GOAL_MS, reached: express.cpuMs };
    return { entries, starts, bundles, importGoal };
  },
};
