// A shop that is attacked, in a process of its own: the kit on node:http, set up as a merchant would. It measures
// itself, because only it knows which processor time was spent on which request.
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { peakRssBytes } from '../lib/peak-memory.mjs';

const { kit, options } = JSON.parse(process.env.VICTIM);
const entry = resolve(kit, 'packages/core/dist/esm/index.js');
const { createQBitFlow, toNodeHandler } = await import(pathToFileURL(entry).href);

let handled = 0;
const qbitflow = createQBitFlow(options);
qbitflow.on('payment.completed', () => void (handled += 1));
await qbitflow.start();

let cpuMs = [];
const delay = monitorEventLoopDelay({ resolution: 1 });
const handle = toNodeHandler(qbitflow);
const server = createServer((request, response) => {
  const before = process.cpuUsage();
  response.once('finish', () => {
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1000);
  });
  handle(request, response);
});

const answers = {
  /** From here on is measured. */
  begin() {
    globalThis.gc?.();
    cpuMs = [];
    delay.enable();
    delay.reset();
    return { rssBytes: process.memoryUsage.rss() };
  },
  figures() {
    return {
      cpuMs,
      longestBlockMs: delay.max / 1e6,
      peakRssBytes: peakRssBytes(),
      handled,
    };
  },
};

process.on('message', ({ id, ask }) => process.send({ id, answer: answers[ask]() }));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', 4096, () => process.send({ port: server.address().port }));
