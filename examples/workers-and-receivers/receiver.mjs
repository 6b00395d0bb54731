// Verifies, records and answers 200, nothing else: small, quick, and as many of them as you like.
import { createServer } from 'node:http';
import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';

const qbitflow = createQBitFlow({
  store: postgresStore({ connectionString: process.env.DATABASE_URL }),
  processing: 'elsewhere',
});
const server = createServer(toNodeHandler(qbitflow, { basePath: '/qbitflow' }));
server.listen(Number(process.env.PORT ?? 3000));
await qbitflow.start();
process.once('SIGTERM', () => server.close(() => void qbitflow.close()));
