// Access lasts while now is before the end of what is paid, whatever the status says. Events come in no promised order, so
// what is paid never shrinks, and an older status never replaces a newer one.
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter } from '@qbitflow/express';
import { sqliteStore, withTransaction } from '@qbitflow/store-sqlite';
import express from 'express';
import Database from 'libsql';

const database = new Database('shop.db');
database.exec(`PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS subscriptions (uuid TEXT PRIMARY KEY, paid_until INTEGER NOT NULL,
    status TEXT, status_since INTEGER NOT NULL DEFAULT 0)`);

const qbitflow = createQBitFlow({ store: sqliteStore(database) });
const ms = (time) => Date.parse(time ?? '') || 0;

function extend(tx, uuid, until) {
  tx.prepare(
    `INSERT INTO subscriptions (uuid, paid_until) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET paid_until = max(paid_until, excluded.paid_until)`,
  ).run(uuid, ms(until));
}

const keep = async ({ data }, context) =>
  withTransaction(context, async (tx) => {
    extend(tx, data.uuid, data.currentPeriodEnd);
    tx.prepare(
      'UPDATE subscriptions SET status = ?, status_since = ? WHERE uuid = ? AND status_since <= ?',
    ).run(data.status, ms(data.updatedAt), data.uuid, ms(data.updatedAt));
    console.log('subscription', data.uuid, data.status, 'paid until', data.currentPeriodEnd);
  });
qbitflow.on('subscription.created', keep);
qbitflow.on('subscription.statusChanged', keep);
qbitflow.on('subscription.billed', async ({ data }, context) =>
  withTransaction(context, async (tx) => extend(tx, data.subscriptionUuid, data.periodEnd)),
);
qbitflow.on('subscription.billingFailed', async ({ data }) => {
  console.log('ask the customer of', data.uuid, data.reason, 'tries left', data.remainingAttempts);
});

const app = express();
app.use('/qbitflow', qbitflowRouter(qbitflow));
app.get('/magazine/:subscription', (request, response) => {
  const row = database
    .prepare('SELECT paid_until, status FROM subscriptions WHERE uuid = ?')
    .get(request.params.subscription);
  if (row === undefined || Date.now() >= row.paid_until) response.status(402).send('subscribe');
  else response.send(`this month's issue (your subscription: ${row.status ?? 'new'})`);
});
const server = app.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => server.close(() => void qbitflow.close()));
