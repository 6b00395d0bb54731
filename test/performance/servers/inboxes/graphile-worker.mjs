// graphile-worker as an inbox: `addJob` before the 200, a runner in the same process with as many jobs at once as our
// default, a local queue and batched completions as its page on performance has them.
import { Logger, run } from 'graphile-worker';
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { postgresUrl, space } from '../shared/space.mjs';

let handled = 0;
const runner = await run({
  pgPool: new Pool({ connectionString: postgresUrl, max: 12 }),
  logger: new Logger(() => () => {}),
  noHandleSignals: true,
  taskList: {
    async payment({ data }) {
      if (data.uuid !== '') handled += 1;
    },
  },
  preset: {
    worker: {
      schema: space,
      concurrentJobs: 10,
      localQueue: { size: 100 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
});

async function keep(body) {
  const event = JSON.parse(body.toString('utf8'));
  await runner.addJob('payment', event, { jobKey: event.id });
  return { received: true };
}

listen(createServer(nodeRoute(keep)), () => handled);
