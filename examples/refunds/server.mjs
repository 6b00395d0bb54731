// Who has paid may download, until all of it is paid back. A refund may be heard of before its payment, and a payment may be
// refunded in parts: both are kept as they come, and access is worked out from what is kept.
import { createQBitFlow } from '@qbitflow/core';
import { qbitflowRouter } from '@qbitflow/express';
import { sqliteStore, withTransaction } from '@qbitflow/store-sqlite';
import express from 'express';
import Database from 'libsql';

const database = new Database('shop.db');
database.exec(`PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS payments (uuid TEXT PRIMARY KEY, reference TEXT);
  CREATE TABLE IF NOT EXISTS refunds (uuid TEXT PRIMARY KEY, payment TEXT NOT NULL, percent REAL NOT NULL)`);

const qbitflow = createQBitFlow({ store: sqliteStore(database) });

qbitflow.on('payment.completed', async ({ data }, context) =>
  withTransaction(context, async (tx) => {
    tx.prepare('INSERT OR IGNORE INTO payments VALUES (?, ?)').run(
      data.uuid,
      data.reference ?? null,
    );
    console.log('paid', data.uuid);
  }),
);
qbitflow.on('refund.completed', async ({ data }, context) =>
  withTransaction(context, async (tx) => {
    const percent = data.refundPercent ?? 100;
    tx.prepare('INSERT OR IGNORE INTO refunds VALUES (?, ?, ?)').run(
      data.uuid,
      data.txUuid,
      percent,
    );
    console.log('refunded', data.txUuid, percent, '%', data.amountUsd, 'USD');
  }),
);
qbitflow.on('refund.requested', async ({ data }) => {
  console.log('decide on the refund of', data.txUuid, data.reason);
});
qbitflow.on('refund.denied', async ({ data }) => {
  console.log('tell the customer of', data.txUuid, data.merchantMessage);
});

const app = express();
app.use('/qbitflow', qbitflowRouter(qbitflow));
app.get('/download/:payment', (request, response) => {
  const { payment } = request.params;
  const paid = database.prepare('SELECT 1 FROM payments WHERE uuid = ?').get(payment);
  const { percent } = database
    .prepare('SELECT total(percent) AS percent FROM refunds WHERE payment = ?')
    .get(payment);
  if (paid === undefined) response.status(402).send('not paid');
  else if (percent >= 100) response.status(410).send('refunded');
  else response.send('your file');
});
const server = app.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => server.close(() => void qbitflow.close()));
