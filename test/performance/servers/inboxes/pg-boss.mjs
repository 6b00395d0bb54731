// pg-boss as an inbox: `send` before the 200, a worker in the same process that fetches batches without a pause while
// they come back full and polls as often as it may.
import { createServer } from 'node:http';
import { PgBoss } from 'pg-boss';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { postgresUrl, space } from '../shared/space.mjs';

let handled = 0;
const boss = new PgBoss({ connectionString: postgresUrl, schema: space });
boss.on('error', (error) => console.error(error));
await boss.start();
await boss.createQueue('payments');
const options = { batchSize: 100, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
await boss.work('payments', options, async (jobs) => {
  for (const { data } of jobs) if (data.data.uuid !== '') handled += 1;
});

async function keep(body) {
  await boss.send('payments', JSON.parse(body.toString('utf8')));
  return { received: true };
}

listen(createServer(nodeRoute(keep)), () => handled);
