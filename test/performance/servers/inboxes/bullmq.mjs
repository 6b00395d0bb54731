// BullMQ as an inbox: `add` before the 200, a worker in the same process with as many jobs at once as our default.
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { redisUrl, space } from '../shared/space.mjs';

let handled = 0;
const queue = new Queue('payments', { connection: new Redis(redisUrl), prefix: space });
const worker = new Worker(
  'payments',
  async ({ data }) => {
    if (data.data.uuid !== '') handled += 1;
  },
  {
    connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
    prefix: space,
    concurrency: 10,
  },
);
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();

async function keep(body) {
  const event = JSON.parse(body.toString('utf8'));
  // The id makes a second `add` of the same event nothing, as the documentation of job ids has it.
  await queue.add(event.type, event, { jobId: event.id });
  return { received: true };
}

listen(createServer(nodeRoute(keep)), () => handled);
