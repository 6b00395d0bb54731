import { createQBitFlow, toFetchHandler } from '@qbitflow/core';
import { postgresStore } from '@qbitflow/store-postgres';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
const qbitflow = createQBitFlow({
  store: postgresStore({ pool }),
  processing: 'before-reply',
  handlers: { concurrency: 2 }, // the kit keeps two clients of the pool
  publicUrl: process.env.PUBLIC_URL,
});
qbitflow.on('payment.completed', async (event) => {
  console.log('paid:', event.data.reference);
});
const handle = toFetchHandler(qbitflow, { basePath: '/qbitflow' });

export async function handler(event) {
  const { rawPath, rawQueryString, requestContext, body, isBase64Encoded } = event;
  const headers = new Headers(event.headers);
  // A function cannot stream: pages that wait ask again by themselves.
  if (headers.get('accept') === 'text/event-stream') headers.set('accept', 'application/json');
  const url = `https://${requestContext.domainName}${rawPath}?${rawQueryString}`;
  const { method } = requestContext.http;
  // The bytes as they were sent: the signature is over them.
  const bytes = body ? Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') : undefined;
  const response = await handle(new Request(url, { method, headers, body: bytes }));
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** For a schedule, every minute: works off what waits. */
export async function workOff() {
  await qbitflow.start();
  while ((await qbitflow.deliveries.stats()).oldestDueAgeMs > 0)
    await new Promise((resolve) => setTimeout(resolve, 100));
}
