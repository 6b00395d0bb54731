import { createQBitFlow } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 12 });
export const qbitflow = createQBitFlow({
  store: postgresStore({ pool }),
  publicUrl: process.env.PUBLIC_URL ?? 'http://localhost:3000/qbitflow',
});
qbitflow.on('payment.completed', async (event) => {
  console.log('paid:', event.data.reference);
});
