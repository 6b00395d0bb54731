import { createServer } from 'node:http';
import { startSandbox } from '@qbitflow/sandbox';
import { announce, endOnSignal } from './announce.mjs';
import { listen } from './listen.mjs';
import { tellStory } from './tell-story.mjs';

/** Starts a shop beside a sandbox of its own, and tells what happens line by line. Without a `store` it has its own file. */
export async function startDemo(createShop, options = {}) {
  const { log = console.log, port = 0, sandboxPort = 0, store } = options;
  const sandbox = await startSandbox({ port: sandboxPort }).catch(() => startSandbox());
  tellStory(sandbox, log);
  const { apiKey, secret, v2Url } = sandbox;
  const server = createServer();
  const url = await listen(server, port);
  const shop = createShop({ baseUrl: v2Url, apiKey, webhookSecret: secret, url, log, store });
  server.on('request', (request, response) => {
    if (request.url.startsWith('/qbitflow/success')) log('customer  is back on the success page');
    shop.listener(request, response);
  });
  sandbox.setWebhookUrl(`${url}/qbitflow/webhook`);
  await shop.qbitflow.start();
  return {
    url,
    sandbox,
    shop,
    async close() {
      server.close();
      server.closeAllConnections();
      await shop.qbitflow.close();
      await sandbox.close();
    },
  };
}

/** The demo as a program: ends on Ctrl-C, and says where everything is when it is there. */
export async function runDemo(createShop) {
  const log = console.log;
  const demo = await startDemo(createShop, { port: 3000, sandboxPort: 4242, log });
  endOnSignal(async () => demo.close());
  const shop = {
    name: 'shop',
    url: demo.url,
    click: 'press “Buy”, then “Pay” on QBitFlow’s page, and come back',
  };
  const sandbox = {
    name: 'sandbox',
    url: demo.sandbox.url,
    click: 'what QBitFlow sees of it: open a delivery and send it again, nothing is shipped twice',
  };
  await announce([shop, sandbox], { log });
}
