// The handlers that the PostgreSQL store's README shows for each library, word for word, on the real libraries and server.
import { PrismaPg } from '@prisma/adapter-pg';
import { createQBitFlow, type EventHandler, type EventOf, type QBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { postgresStore } from '@qbitflow/store-postgres';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import knexOf from 'knex';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import postgres from 'postgres';
import { expect, onTestFinished, test } from 'vitest';
import { codeBlocksIn } from './code-blocks.js';
import { postgresOf } from './example-apps.js';
import { PrismaClient } from './prisma-orders.mjs';

const SECRET = 'whsec_libraries';

type Fulfil = EventHandler<EventOf<'payment.completed'>>;
type Name = 'inKnex' | 'inDrizzle' | 'inPrisma' | 'inPostgresJs' | 'inKysely';

/** The README's functions, with what they use in place of what the page leaves to its reader. */
function handlersOf(scope: Readonly<Record<string, unknown>>): Readonly<Record<Name, Fulfil>> {
  const blocks = codeBlocksIn('packages/store-postgres/README.md');
  const code = blocks.find((block) => block.code.includes('inPrisma'))?.code ?? '';
  const [, handlers = ''] = /^import \{ eq \}.*\nimport .*\n([^]*)^qbitflow\.on/m.exec(code) ?? [];
  const names = [...handlers.matchAll(/^async function (\w+)/gm)].map(([, name]) => name);
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- our own README
  const make = new Function(...Object.keys(scope), `${handlers}\nreturn { ${names.join()} };`);
  return Reflect.apply(make, undefined, Object.values(scope)) as Record<Name, Fulfil>;
}

/** A pool whose connections may go with the test's database: `end` does not wait for the server to have let them go. */
function newPool(url: string): Pool {
  const pool = new Pool({ connectionString: url, max: 12 });
  const ignore = (): void => undefined;
  return pool.on('error', ignore).on('connect', (client) => client.on('error', ignore));
}

/** Every library on one database, closed with the test. */
function openLibraries(url: string): Readonly<Record<string, unknown>> {
  const knex = knexOf({ client: 'pg', connection: url, pool: { min: 0, max: 3 } });
  const pool = newPool(url);
  const dialect = new PostgresDialect({ pool: newPool(url) });
  const kysely = new Kysely({ dialect });
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
  const sql = postgres(url, { max: 3 });
  onTestFinished(async () => {
    await Promise.all([
      knex.destroy(),
      pool.end(),
      kysely.destroy(),
      prisma.$disconnect(),
      sql.end(),
    ]);
  });
  const orders = pgTable('orders', { id: text('id'), paid: boolean('paid') });
  return { knex, db: drizzle(pool), orders, eq, prisma, sql, kysely, CompiledQuery };
}

for (const name of ['inKnex', 'inDrizzle', 'inPrisma', 'inPostgresJs', 'inKysely'] as const)
  test(`${name}: a transaction that breaks leaves neither; the next one commits both`, async (testContext) => {
    const url = await postgresOf(testContext);
    const pool = newPool(url);
    onTestFinished(async () => pool.end());
    await pool.query('CREATE TABLE orders (id text PRIMARY KEY, paid boolean NOT NULL)');
    await pool.query("INSERT INTO orders VALUES ('order-1', false), ('order-2', false)");
    const isPaid = async () => (await pool.query('SELECT id FROM orders WHERE paid')).rows;
    const fulfil = handlersOf(openLibraries(url))[name];
    const qbitflow = createQBitFlow({
      webhookSecret: SECRET,
      logger: false,
      store: postgresStore({ pool }),
      handlers: { minBackoffMs: 20, pollIntervalMs: 50 },
    });
    onTestFinished(async () => qbitflow.close());
    const paidAtStart: unknown[] = [];
    qbitflow.on('payment.completed', async (event, context) => {
      paidAtStart.push(await isPaid());
      await fulfil(event, {
        ...context,
        async completeWithin(tx: unknown) {
          await context.completeWithin(tx);
          if (paidAtStart.length === 1) throw new Error('the connection broke');
        },
      });
    });
    await qbitflow.start();
    await deliver(qbitflow);
    await expect.poll(async () => (await qbitflow.deliveries.stats()).done).toBe(1);
    expect(paidAtStart).toEqual([[], []]);
    expect(await isPaid()).toEqual([{ id: 'order-1' }]);
  });

async function deliver(qbitflow: QBitFlow): Promise<void> {
  const body = fixtures.v2['payment.completed']({ data: { reference: 'order-1' } });
  const { headers, body: sent } = signDelivery({ version: 'v2', secret: SECRET, body });
  const rawBody = Buffer.from(sent);
  const answer = await qbitflow.handleWebhook({ method: 'POST', url: '/', headers, rawBody });
  expect(answer.status).toBe(200);
}
