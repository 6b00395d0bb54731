// A shop in which everything goes wrong that can, and which prints all it is told: what a merchant's log would hold.
//   node failing-kit.mjs <default|console|json> with QBITFLOW_* and STORE_PASSWORD in the environment
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createQBitFlow, memoryStore, QBitFlowError, toNodeHandler } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { postgresStore } from '@qbitflow/store-postgres';
import { redisStore } from '@qbitflow/store-redis';
import { Redis } from 'ioredis';

const { QBITFLOW_API_KEY: apiKey, QBITFLOW_WEBHOOK_SECRET: secret, STORE_PASSWORD } = process.env;

/** Errors as loggers write them that leave nothing out. */
const whole = (facts) => inspect(facts, { depth: 9, showHidden: true, maxStringLength: null });
const json = Object.fromEntries(
  ['debug', 'info', 'warn', 'error'].map((level) => [
    level,
    (facts, message) => console.log(level, message, whole(facts), JSON.stringify(facts)),
  ]),
);
const logger = { default: undefined, console, json }[process.argv[2]];
const tell = (error) => console.log(String(error), error?.stack, whole(error));
const attempt = async (work) => {
  try {
    await work();
  } catch (error) {
    tell(error);
  }
};

// What no kit can be made of.
for (const options of [
  { webhookSecret: `"${secret}"` },
  { webhookSecret: `${secret}\n` },
  { webhookSecret: apiKey },
  { apiKey: secret },
  { apiKey: `${apiKey}\n` },
  { baseUrl: `https://shop:${STORE_PASSWORD}@api.test/v2` },
  { baseUrl: `'https://shop:${STORE_PASSWORD}@api.test/v2'` },
  { baseUrl: `https://shop:${STORE_PASSWORD}@api.test` },
  { publicUrl: `https://shop:${STORE_PASSWORD}@shop.test` },
  { store: `postgres://shop:${STORE_PASSWORD}@127.0.0.1:9/shop` },
])
  await attempt(() => createQBitFlow(options));

// An API that repeats what it was sent, and one that nobody answers at.
const echo = createServer((request, response) => {
  const key = String(request.headers['x-api-key']);
  const body = JSON.stringify({ error: `unknown key ${key}`, code: 'x' });
  response.writeHead(request.url.includes('moved') ? 302 : 401, {
    'content-type': 'application/json',
    location: `/?key=${key}`,
    'x-request-id': key,
  });
  response.end(body);
}).listen(0, '127.0.0.1');
await once(echo, 'listening');
const { port } = echo.address();
const echoed = `http://127.0.0.1:${port}/v2`;

async function run(options, name) {
  const kit = createQBitFlow({ logger, mode: 'both', random: () => 0, ...options });
  if (process.argv[2] === 'json')
    kit.onError((error, facts) => console.log(whole({ error, facts })));
  kit.on('payment.completed', () => {
    throw new QBitFlowError('internal', 'no stock');
  });
  void kit.start();
  const request = { method: 'POST', url: '/webhook' };
  const body = fixtures.v2['payment.completed']({ id: `evt_${name}` });
  const signed = signDelivery({ version: 'v2', body, secret: secret.split(',')[0] });
  const deliveries = [
    { ...signed, rawBody: signed.body },
    { ...signed, rawBody: Buffer.concat([signed.body, Buffer.from(' ')]) },
    { ...signed, rawBody: undefined, body },
    { headers: {}, rawBody: secret },
    { headers: { 'qbitflow-signature': secret, [secret]: secret }, rawBody: apiKey },
    {
      headers: { 'x-webhook-signature-256': apiKey, 'x-webhook-timestamp': secret },
      rawBody: '{}',
    },
  ];
  for (const delivery of deliveries)
    console.log(await kit.handleWebhook({ ...request, ...delivery }));
  const order = { productName: 'Tea', price: 4, reference: 'a' };
  await Promise.all([
    attempt(() => kit.getStatus({ uuid: 'pay@1' })),
    attempt(() => kit.getStatus({ uuid: 'pay@moved' })),
    attempt(() => kit.recover({ since: 0 })),
    attempt(() => kit.checkout.createPayment(order)),
  ]);
  const page = { method: 'GET', headers: {}, url: '/success?uuid=pay@1' };
  console.log(await kit.handleReturn(page, { page: 'success' }));
  console.log(await kit.handleStatus({ ...page, url: '/status/pay@1' }));
  const handler = toNodeHandler(kit);
  handler({ ...request, headers: {}, rawBody: '{}' }, { getHeaderNames: () => [] });
  await sleep(200);
  await attempt(() => kit.close());
}

await run({ store: memoryStore(), baseUrl: echoed }, 'echo');
await run({ store: memoryStore(), baseUrl: 'http://127.0.0.1:9/v2' }, 'away');
const connectionString = `postgres://shop:${STORE_PASSWORD}@127.0.0.1:9/shop`;
await run({ store: postgresStore({ connectionString }), baseUrl: echoed }, 'postgres');
const away = { maxRetriesPerRequest: 0, retryStrategy: null };
const client = new Redis(`redis://shop:${STORE_PASSWORD}@127.0.0.1:9`, away);
client.on('error', () => undefined);
await run({ store: redisStore({ client }), baseUrl: echoed }, 'redis');
console.log('everything failed');
process.exit(0);
