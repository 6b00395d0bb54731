// Takes webhooks, and makes a job of each payment: your workers do the rest, as they do with everything else.
import { createServer } from 'node:http';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { redisStore } from '@qbitflow/store-redis';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const client = new Redis(process.env.REDIS_URL);
const queue = new Queue('orders', { connection: client });
const qbitflow = createQBitFlow({ store: redisStore({ client }) });

qbitflow.on('payment.completed', async ({ key, data }) => {
  await queue.add(
    'ship',
    { reference: data.reference },
    {
      jobId: key.replaceAll(':', '/'), // what happened, so that a repeat adds nothing; BullMQ takes no colons
      attempts: 20,
      backoff: { type: 'exponential', delay: 1000 },
      removeOnComplete: { age: 7 * 86_400 }, // seconds; as long as a job is kept, its id is known
    },
  );
});

const server = createServer(toNodeHandler(qbitflow, { basePath: '/qbitflow' }));
server.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => void stop());

async function stop() {
  server.close();
  await qbitflow.close();
  await queue.close();
  client.disconnect();
}
