import { createQBitFlow } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { Pool } from 'pg';

function open() {
  const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 12 });
  const qbitflow = createQBitFlow({
    store: postgresStore({ pool }),
    publicUrl: process.env.PUBLIC_URL ?? 'http://localhost:3000/qbitflow',
  });
  qbitflow.on('payment.completed', async (event) => {
    console.log('paid:', event.data.reference);
  });
  return qbitflow;
}

// Opened when first asked for: `next build` has no secrets. Global, since Next loads this file for each of its bundles.
export const qbitflow = () => (globalThis.qbitflow ??= open());
