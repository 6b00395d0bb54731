// The kit on the store that its first argument names, beside an API whose address is its second.
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { createServer } from 'node:http';
import { peakRssBytes } from '../../lib/peak-memory.mjs';
import { listen } from '../shared/listen.mjs';
import { openStore } from '../shared/open-store.mjs';

let handled = 0;
const [, , storeName, baseUrl] = process.argv;
const kit = createQBitFlow({
  apiKey: 'sk_benchmark',
  webhookSecret: process.env.QBITFLOW_WEBHOOK_SECRET,
  baseUrl,
  store: await openStore(storeName),
});
kit.on('payment.completed', () => void (handled += 1));
await kit.start();

const answers = {
  async recover(since) {
    const before = process.cpuUsage();
    const start = performance.now();
    const report = await kit.recover({ since });
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    return { report, seconds, cpuUs: user + system, peakRssBytes: peakRssBytes() };
  },
};

listen(createServer(toNodeHandler(kit)), () => handled, answers);
