// The smallest real app around the kit: takes deliveries, shows return pages, and notes each handler success in a file.
//   QBITFLOW_WEBHOOK_SECRET=whsec_… node test/receiver/start.mjs --framework=express5 --store=memory --port=0 --log=handled.log
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createQBitFlow } from '@qbitflow/core';
import { readArguments } from './arguments.mjs';
import { frameworks } from './frameworks/index.mjs';
import { handleEvents, tellErrors } from './handlers.mjs';
import { createStore } from './stores.mjs';

const options = readArguments(process.argv.slice(2));
const { framework, store, port, backoff, returnTimeout } = options;

const qbitflow = createQBitFlow({
  store: createStore(store),
  ...(backoff !== undefined && { handlers: { minBackoffMs: backoff, maxBackoffMs: backoff } }),
});
handleEvents(qbitflow, options);
tellErrors(qbitflow);
await qbitflow.start();

const page = { timeoutMs: returnTimeout };
const createListener = await frameworks[framework]();
const server = createServer(
  createListener(qbitflow, { ...options, routes: { success: page, cancel: page } }),
);
server.listen(port, '127.0.0.1');
await once(server, 'listening');
console.log(`listening http://127.0.0.1:${server.address().port}`);

process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
  void qbitflow.close().then(() => process.exit(0));
});
