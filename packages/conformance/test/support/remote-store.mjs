// A store in another process than its data: every call goes over a socket to the store that test/support/serve-store.ts
// serves. What the suites' own processes load.
import { connect } from 'node:net';
import { deserialize, serialize } from 'node:v8';

const METHODS =
  'record takeDue extend complete retry bury replay discard settleUnhandled get list stats prune knownSince claim release';

export async function open({ port, facts }) {
  const socket = connect(port, '127.0.0.1');
  // What is left open must not keep a process alive.
  socket.unref();
  const waiting = new Map();
  let calls = 0;
  let received = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
      const end = 4 + received.readUInt32BE(0);
      const { id, value } = deserialize(received.subarray(4, end));
      waiting.get(id)(value);
      waiting.delete(id);
      received = received.subarray(end);
    }
  });
  const call = (method, args) =>
    new Promise((resolve) => {
      calls += 1;
      waiting.set(calls, resolve);
      const body = serialize({ id: calls, method, args });
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      socket.ref();
      socket.write(Buffer.concat([length, body]));
    });
  const proxied = METHODS.split(' ').map((method) => [method, (...args) => call(method, args)]);
  return { ...facts, ...Object.fromEntries(proxied), close: async () => void socket.destroy() };
}
