// The order, the stock and the delivery's completion are one transaction: all of it happened, once, or none of it.
import { randomUUID } from 'node:crypto';
import { createQBitFlow, Unrecoverable } from '@qbitflow/core';
import { checkoutHandler, qbitflowRouter } from '@qbitflow/express';
import { postgresStore } from '@qbitflow/store-postgres';
import { eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, integer, pgTable, text } from 'drizzle-orm/pg-core';
import express from 'express';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 12 });
const db = drizzle(pool);
const orders = pgTable('orders', { reference: text().primaryKey(), paid: boolean().notNull() });
const stock = pgTable('stock', { product: text().primaryKey(), left: integer().notNull() });
await pool.query(`CREATE TABLE IF NOT EXISTS orders (reference text PRIMARY KEY, paid boolean NOT NULL);
  CREATE TABLE IF NOT EXISTS stock (product text PRIMARY KEY, "left" integer NOT NULL CHECK ("left" >= 0));
  INSERT INTO stock VALUES ('tea', 100) ON CONFLICT DO NOTHING`);

const publicUrl = process.env.PUBLIC_URL ?? 'http://localhost:3000/qbitflow'; // where customers come back
const qbitflow = createQBitFlow({ store: postgresStore({ pool }), publicUrl });
qbitflow.on('payment.completed', async ({ data }, context) =>
  db.transaction(async (tx) => {
    const { reference = '' } = data;
    const paid = await tx.update(orders).set({ paid: true }).where(eq(orders.reference, reference));
    if (paid.rowCount === 0) throw new Unrecoverable(`no order ${reference}`);
    const oneLess = { left: sql`${stock.left} - 1` }; // fails, and is tried again, while there is none left
    await tx.update(stock).set(oneLess).where(eq(stock.product, 'tea'));
    await context.completeWithin(tx); // last: the delivery's row is locked until the commit
  }),
);

const app = express();
app.use('/qbitflow', qbitflowRouter(qbitflow));
app.post(
  '/buy',
  checkoutHandler(qbitflow, async () => {
    const reference = randomUUID();
    await db.insert(orders).values({ reference, paid: false });
    return { reference, productName: 'Tea', price: 4.5 };
  }),
);
app.get('/', async (_request, response) => {
  const shown = { orders: await db.select().from(orders), stock: await db.select().from(stock) };
  const form = '<form method="post" action="/buy"><button>Buy tea</button></form>';
  response.send(`${form}<pre>${JSON.stringify(shown, null, 2)}</pre>`);
});
const server = app.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => server.close(() => void qbitflow.close().then(() => pool.end())));
