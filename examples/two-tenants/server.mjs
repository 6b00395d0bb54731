// One kit is one merchant. Each has its own secret, its own routes and its own store: keys of two merchants must not meet.
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter } from '@qbitflow/express';
import { sqliteStore } from '@qbitflow/store-sqlite';
import express from 'express';

// In real life a table of yours, with `apiKey` and `publicUrl` too.
const tenants = [
  { name: 'tea', webhookSecret: 'whsec_of_tea' },
  { name: 'books', webhookSecret: 'whsec_of_books' },
];

async function openTenant({ name, webhookSecret }) {
  // On PostgreSQL `schema: name`, on Redis `prefix: name`.
  const qbitflow = createQBitFlow({ webhookSecret, store: sqliteStore(`${name}.db`) });
  qbitflow.on('payment.completed', async (event) => {
    console.log(name, 'ships', event.data.reference);
  });
  await qbitflow.start();
  return { name, qbitflow };
}

const app = express();
const opened = await Promise.all(tenants.map(openTenant));
for (const { name, qbitflow } of opened) app.use(`/${name}/qbitflow`, qbitflowRouter(qbitflow));

const server = app.listen(Number(process.env.PORT ?? 3000));
process.once('SIGTERM', () =>
  server.close(() => {
    for (const { qbitflow } of opened) void qbitflow.close();
  }),
);
