// Takes webhooks, and makes a job of each payment: your workers do the rest, as they do with everything else.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { PgBoss } from 'pg-boss';

const connectionString = process.env.DATABASE_URL;
const boss = new PgBoss({ connectionString });
boss.on('error', (error) => console.error(error.message));
await boss.start();
await boss.createQueue('orders', { retryLimit: 20, retryBackoff: true });
const qbitflow = createQBitFlow({ store: postgresStore({ connectionString }) });

// Of pg-boss an id is a UUID: the key's hash is one. What happened names the job, so that a repeat adds nothing.
const jobIdOf = (key) => createHash('sha256').update(key).digest('hex').slice(0, 32);

qbitflow.on('payment.completed', async ({ key, data }) => {
  await boss.send('orders', { reference: data.reference }, { id: jobIdOf(key) });
});

const server = createServer(toNodeHandler(qbitflow, { basePath: '/qbitflow' }));
server.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => void stop());

async function stop() {
  server.close();
  await qbitflow.close();
  await boss.stop();
}
