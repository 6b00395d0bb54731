// On Workers nothing lives longer than a request: the kit is made for each, handlers run before the answer, what waits
// is in the database, and a Cron Trigger works it off.
import { postgresStore } from '@qbitflow/store-postgres';
import { Pool } from 'pg';
import { createShop, routesOf } from './shop.mjs';

function open(env) {
  const pool = new Pool({ connectionString: env.DATABASE_URL, max: 4 });
  const qbitflow = createShop({
    apiKey: env.API_KEY,
    baseUrl: env.BASE_URL,
    webhookSecret: env.SECRET,
    store: postgresStore({ pool, schema: env.SCHEMA }),
    processing: 'before-reply',
    handlers: { concurrency: 2 },
  });
  const close = async () => {
    await qbitflow.close(); // lets handlers that run finish
    await pool.end();
  };
  return { qbitflow, close };
}

async function workOff(env) {
  const { qbitflow, close } = open(env);
  await qbitflow.start();
  while ((await qbitflow.deliveries.stats()).oldestDueAgeMs > 0)
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  await close();
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname === '/cron') {
      await workOff(env);
      return new Response('worked off');
    }
    const { qbitflow, close } = open(env);
    const response = await routesOf(qbitflow)(request);
    context.waitUntil(close());
    return response;
  },
  async scheduled(_event, env) {
    await workOff(env);
  },
};
