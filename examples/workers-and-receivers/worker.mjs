// Runs the handlers: no port, no secret, and as many processes as the work needs. They share it among them.
import { createQBitFlow } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';

const qbitflow = createQBitFlow({
  store: postgresStore({ connectionString: process.env.DATABASE_URL }),
  webhookSecret: false,
  handlers: { concurrency: 10 },
});
qbitflow.on('payment.completed', async (event) => {
  console.log('ship', event.data.reference);
});
await qbitflow.start();
console.log('working');
process.once('SIGTERM', () => void qbitflow.close());
