// Requests that are answered as a whole, from whatever address of this machine.
import { Agent, request } from 'node:http';

/** Asks for a path; resolves with the status (0: no answer) and the text. `from`: the address it comes from. */
export function createClient(port, { from, connections = 256 } = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const ask = (path, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve) => {
      const options = { port, host: '127.0.0.1', localAddress: from, path, method, headers, agent };
      const asking = request(options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode, text }));
        answer.on('error', () => resolve({ status: 0, text }));
      });
      asking.on('error', () => resolve({ status: 0, text: '' }));
      asking.end(body);
    });
  return { ask, close: () => agent.destroy() };
}

/** Keeps `workers` requests under way until `isOver` says so. */
export async function flood(workers, isOver, ask) {
  async function work() {
    while (!isOver()) await ask();
  }
  await Promise.all(Array.from({ length: workers }, work));
}
