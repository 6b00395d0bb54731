// A load client of a few lines: keep-alive sockets, one request in flight on each, no pipelining. It costs the
// parent so little that the server under test is what is measured.
import { connect } from 'node:net';

/** The status of a complete answer, or 0 while bytes are missing. */
function statusOf(answer) {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = /content-length: (\d+)/i.exec(answer);
  const complete = length
    ? answer.length >= end + 4 + Number(length[1])
    : answer.endsWith('0\r\n\r\n');
  return complete ? Number(answer.slice(9, 12)) : 0;
}

/**
 * One keep-alive connection. `send(bytes)` resolves to the answer's status, one request at a time.
 * @returns {Promise<{ send(request: Uint8Array): Promise<number>, close(): void }>}
 */
export function openConnection(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let pending = '';
    let waiting;
    const broken = (error) => {
      reject(error);
      waiting?.reject(error);
    };
    socket.on('error', broken);
    socket.on('close', () => broken(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      pending += chunk.latin1Slice();
      const status = statusOf(pending);
      if (status === 0) return;
      pending = '';
      waiting.resolve(status);
    });
    socket.on('connect', () =>
      resolve({
        send(request) {
          socket.write(request);
          return new Promise((answered, failed) => {
            waiting = { resolve: answered, reject: failed };
          });
        },
        close: () => socket.destroy(),
      }),
    );
  });
}

/** Sends what `next` gives over one socket, each after the answer to the one before, until it gives no more. */
async function drive(port, next, answered) {
  const connection = await openConnection(port);
  for (let request = next(); request !== undefined; request = next())
    answered(await connection.send(request));
  connection.close();
}

/**
 * Sends all of `requests` (bytes each) over `connections` sockets.
 * @returns {Promise<{ seconds: number, answers: number, statuses: Record<number, number> }>}
 */
export async function load({ port, requests, connections = 32 }) {
  const statuses = {};
  let sent = 0;
  const next = () => requests[sent++];
  const answered = (status) => (statuses[status] = (statuses[status] ?? 0) + 1);
  const start = performance.now();
  await Promise.all(Array.from({ length: connections }, () => drive(port, next, answered)));
  const seconds = (performance.now() - start) / 1000;
  return { seconds, answers: requests.length, statuses };
}

/** A figure counts only when every answer was the right one. */
export function mustAnswer(status, name, { statuses, answers }) {
  if (statuses[status] !== answers || answers === 0)
    throw new Error(`${name}: expected only ${status}, got ${JSON.stringify(statuses)}`);
}
