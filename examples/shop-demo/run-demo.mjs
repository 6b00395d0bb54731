import { createServer } from 'node:http';
import { startSandbox } from '@qbitflow/sandbox';
import { tellStory } from './tell-story.mjs';

/** Listens on loopback, on a free port where the wanted one is taken. */
async function listen(server, port) {
  await new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE' && port !== 0) resolve(listen(server, 0));
      else reject(error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${server.address().port}`;
}

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

/** The demo as a program: prints the two URLs when ready and ends on Ctrl-C. */
export async function runDemo(createShop) {
  const demo = await startDemo(createShop, { port: 3000, sandboxPort: 4242 });
  console.log(`shop      ${demo.url}`);
  console.log(`sandbox   ${demo.sandbox.url}`);
  console.log(
    'Open the shop, buy, pay on the hosted page, and watch the story here. Ctrl-C ends it.',
  );
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void demo.close().then(() => process.exit(0)));
}
