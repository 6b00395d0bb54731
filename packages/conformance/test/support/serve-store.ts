import { createServer, type Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** A store that other processes reach over a socket. */
export interface ServedStore {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves the methods of `store` on a free port of this machine. */
export async function serveStore(store: object): Promise<ServedStore> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    answer(socket, store);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function answer(socket: Socket, store: object): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
      const end = 4 + received.readUInt32BE(0);
      const { id, method, args } = deserialize(received.subarray(4, end));
      received = received.subarray(end);
      void Promise.resolve(Reflect.get(store, method)(...args)).then((value: unknown) => {
        const body = serialize({ id, value });
        const length = Buffer.alloc(4);
        length.writeUInt32BE(body.length);
        socket.write(Buffer.concat([length, body]));
      });
    }
  });
}
