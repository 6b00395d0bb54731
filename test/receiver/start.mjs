// The smallest real app around the kit: takes deliveries, shows return pages, and notes each handler success in a file.
//   QBITFLOW_WEBHOOK_SECRET=whsec_… node test/receiver/start.mjs --framework=express5 --store=memory --port=0 --log=handled.log
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createQBitFlow } from '@qbitflow/core';
import { readArguments } from './arguments.mjs';
import { frameworks } from './frameworks/index.mjs';
import { handleEvents, tellErrors } from './handlers.mjs';
import { noteTransitions, openLog } from './log.mjs';
import { toKitOptions } from './kit-options.mjs';
import { openStore } from './stores.mjs';

const options = readArguments(process.argv.slice(2));
const { framework, port, returnTimeout } = options;
const { store, release } = await openStore(options.store);

const write = openLog(options.log);
if (options.journal) noteTransitions(write);
const qbitflow = createQBitFlow({ store, ...toKitOptions(options) });
handleEvents(qbitflow, { ...options, write });
tellErrors(qbitflow);
// Not awaited: while the store is away the kit tries on, and the app answers meanwhile.
void qbitflow.start();

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
  void qbitflow
    .close()
    .then(release)
    .then(() => process.exit(0));
});
