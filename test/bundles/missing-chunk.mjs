// Serves a bundled kit whose chunks are not where they should be, asks every route, and again once they are there.
// Usage: node missing-chunk.mjs <bundle> <chunk …>: each lies at `<chunk>.away`. Prints one JSON object.
import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const [bundle, ...chunks] = process.argv.slice(2);
const { createQBitFlow, toNodeHandler } = await import(pathToFileURL(bundle).href);

const kit = createQBitFlow({
  webhookSecret: 'whsec_chunks',
  apiKey: 'sk_test_x',
  logger: false,
  brand: { name: 'Kumo & Sons', homeUrl: '/tea?a=1&b=2' },
  locales: ['de'],
  fetch: async () => Response.json({ status: 'completed' }),
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

const missing = await askAll();
for (const chunk of chunks) renameSync(`${chunk}.away`, chunk);
const there = await askAll();
server.close();
server.closeAllConnections();
await kit.close();
process.stdout.write(JSON.stringify({ missing, there, reported }));
