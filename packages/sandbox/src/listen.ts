import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Settings } from './options.js';

/** A server that listens, and where it is reached. Rejects with Node's error where it cannot. */
export async function listen({
  host,
  port,
}: Settings): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const taken = typeof address === 'object' && address !== null ? address.port : port;
  const name = host.includes(':') ? `[${host}]` : host;
  return { server, url: `http://${name}:${taken}` };
}
