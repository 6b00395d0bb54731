// An app of years ago: parsers and a login stand in front of everything. The webhook goes in front of the app, so that
// nothing of it moves.
import { createServer } from 'node:http';
import { createQBitFlow, withWebhook } from '@qbitflow/core';
import { sqliteStore } from '@qbitflow/store-sqlite';
import express from 'express';

const app = express();
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use((request, response, next) => {
  if (request.headers.authorization === 'Bearer of-staff') next();
  else response.status(401).send('sign in first');
});
app.post('/notes', (request, response) => {
  response.status(201).json(request.body);
});

// New from here on.
const qbitflow = createQBitFlow({ store: sqliteStore('shop.db') });
qbitflow.on('payment.completed', async (event) => {
  console.log('ship', event.data.reference);
});

const server = createServer(withWebhook(app, qbitflow, { path: '/qbitflow/webhook' }));
server.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => server.close(() => void qbitflow.close()));
