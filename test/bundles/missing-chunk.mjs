// Serves a bundled kit whose chunks are not where they should be, asks every route and makes every call that loads some, and
// again once they are there.
// Usage: node missing-chunk.mjs <bundle> <chunk …>: each lies at `<chunk>.away`. Prints one JSON object.
import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { fixtures, signDelivery } from '@qbitflow/core/testing';

const [bundle, ...chunks] = process.argv.slice(2);
const { createQBitFlow, toNodeHandler } = await import(pathToFileURL(bundle).href);

const kit = createQBitFlow({
  webhookSecret: 'whsec_chunks',
  apiKey: 'sk_test_x',
  logger: false,
  brand: { name: 'Kumo & Sons', homeUrl: '/tea?a=1&b=2' },
  locales: ['de'],
  fetch: async () => Response.json({ status: 'completed', items: [] }),
});
const reported = [];
kit.onError((error, { stage }) => reported.push({ stage, message: error.message }));
const routes = toNodeHandler(kit, { desk: { authorize: () => true }, metrics: {} });
const server = createServer((request, response) => {
  const { method, url, headers } = request;
  if (url !== '/buy') routes(request, response);
  else
    void kit
      .handleCheckout({ method, url, headers }, () => undefined)
      .then((answer) => response.writeHead(answer.status, answer.headers).end(answer.body));
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

async function askAll() {
  const answers = {};
  for (const path of ['/success?uuid=pay@1', '/buy', '/status/pay@1', '/desk', '/metrics']) {
    const url = `http://127.0.0.1:${server.address().port}${path}`;
    const response = await fetch(url, { method: path === '/buy' ? 'POST' : 'GET' });
    const { status, headers } = response;
    answers[path] = { status, type: headers.get('content-type'), text: await response.text() };
  }
  return answers;
}

async function outcomeOf(promise) {
  try {
    await promise;
    return 'ok';
  } catch (error) {
    return error.code;
  }
}

async function deliver(to, secret) {
  const body = fixtures.v2['payment.completed']();
  const signed = signDelivery({ version: 'v2', secret, body });
  const request = { method: 'POST', url: '/webhook', ...signed, rawBody: signed.body };
  return (await to.handleWebhook(request)).status;
}

// Its store is opened by its first delivery, and by the next one where that failed.
const sharing = createQBitFlow({
  webhookSecret: 'whsec_chunks',
  logger: false,
  store: {
    claim: async () => ({ status: 'claimed', token: 'a' }),
    complete: async () => true,
    release: async () => true,
  },
});

const reference = { uuid: 'pay@1' };

async function callAll() {
  return {
    genuine: await deliver(kit, 'whsec_chunks'),
    forged: await deliver(kit, 'whsec_another'),
    shared: await deliver(sharing, 'whsec_chunks'),
    getStatus: await outcomeOf(kit.getStatus(reference)),
    watchStatus: await outcomeOf(kit.watchStatus(reference).next()),
    recheck: await outcomeOf(kit.recheck(reference)),
    recover: await outcomeOf(kit.recover({ since: 0 })),
    replay: await outcomeOf(kit.deliveries.replay('none')),
    discardAll: await outcomeOf(kit.deliveries.discardAll({})),
    activity: await outcomeOf(kit.deliveries.activity()),
    checkout: await outcomeOf(kit.checkout.expire('pay@1')),
  };
}

const missing = await askAll();
const failed = await callAll();
for (const chunk of chunks) renameSync(`${chunk}.away`, chunk);
const there = await askAll();
const succeeded = await callAll();
server.close();
server.closeAllConnections();
await kit.close();
await sharing.close();
process.stdout.write(JSON.stringify({ missing, failed, there, succeeded, reported }));
