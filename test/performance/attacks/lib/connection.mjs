// A sender of raw bytes: what it leaves unfinished stays unfinished.
import { once } from 'node:events';
import { connect } from 'node:net';

/** An open connection to the shop. */
export async function openConnection(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let text = '';
  let closed = false;
  let hear = () => {};
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
    hear();
  });
  socket.on('data', (chunk) => {
    text += chunk.latin1Slice();
    hear();
  });

  /** The status of the next complete answer, 0 when the connection ended without one. */
  async function status() {
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end >= 0 && text.length >= end + 4 + length) {
        const answered = Number(text.slice(9, 12));
        text = text.slice(end + 4 + length);
        return answered;
      }
      if (closed) return 0;
      await new Promise((resolve) => (hear = resolve));
    }
  }

  return {
    /** Resolves when the bytes have left, or the connection has ended. */
    write: (bytes) =>
      new Promise((resolve) => {
        if (closed) resolve();
        else {
          socket.once('close', resolve);
          socket.write(bytes, () => {
            socket.off('close', resolve);
            resolve();
          });
        }
      }),
    status,
    get isClosed() {
      return closed;
    },
    close: () => socket.destroy(),
  };
}
