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
 * Sends `requests` (bytes each) over one socket until `next` has no more.
 * Resolves when the last answer has come; rejects when the connection breaks before that.
 */
function drive(port, next, answered) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let pending = '';
    const send = () => {
      const request = next();
      if (request !== undefined) {
        socket.write(request);
        return;
      }
      socket.destroy();
      resolve();
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection')));
    socket.on('data', (chunk) => {
      pending += chunk.latin1Slice();
      const status = statusOf(pending);
      if (status === 0) return;
      pending = '';
      answered(status);
      send();
    });
  });
}

/**
 * Puts `connections` sockets to work for `seconds`, or until the requests run out.
 * @returns {Promise<{ perSecond: number, answers: number, statuses: Record<number, number> }>}
 */
export async function load({ port, requests, seconds, connections = 32 }) {
  const statuses = {};
  let answers = 0;
  let sent = 0;
  const start = performance.now();
  const deadline = start + seconds * 1000;
  const next = () =>
    sent < requests.length && performance.now() < deadline ? requests[sent++] : undefined;
  const answered = (status) => {
    answers += 1;
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: connections }, () => drive(port, next, answered)));
  const elapsed = (performance.now() - start) / 1000;
  return { perSecond: answers / elapsed, answers, statuses };
}
