import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { signed } from './events.mjs';

/** QBitFlow waits this long for an answer. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * Sends each delivery until it is answered 200, as QBitFlow would, only sooner. `urlOf` says where the receivers are
 * now; every answer, and every missing one, is told to `tally`.
 */
export async function sendAll(deliveries, { urlOf, tally, random, pauseMs = 0, signal }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const delivery of deliveries) {
      await sleep(random.whole(0, 2 * pauseMs));
      while ((await sendOnce(delivery, { urlOf, tally, agent })) !== 200) {
        if (signal?.aborted) return;
        await sleep(random.whole(20, 150));
      }
    }
  } finally {
    agent.destroy();
  }
}

async function sendOnce(delivery, { urlOf, tally, agent }) {
  const { headers, body } = signed(delivery);
  const began = performance.now();
  const answer = await post(urlOf(), { headers, body, agent });
  tally.note({ ...answer, tookMs: performance.now() - began });
  return answer.status;
}

/** One POST; a connection that fails or stays silent is the status `none` or `timeout`. */
export async function post(url, { headers, body, agent = false }) {
  return new Promise((resolve) => {
    const outgoing = request(`${url}/webhook`, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('error', () => resolve({ status: 'none' }));
      response.on('end', () => {
        resolve({ status: response.statusCode, duplicate: text.includes('"duplicate":true') });
      });
    });
    outgoing.setTimeout(ANSWER_WITHIN_MS, () => {
      resolve({ status: 'timeout' });
      outgoing.destroy();
    });
    outgoing.on('error', () => resolve({ status: 'none' }));
    outgoing.end(body);
  });
}

/** Shares deliveries out to several senders, each with loops of its own, and resolves when all are acknowledged. */
export async function sendFromMany(deliveries, { senders, loops, forMs = 0, random, ...rest }) {
  const lanes = senders * loops;
  const pauseMs = Math.floor((forMs * lanes) / deliveries.length);
  const shares = Array.from({ length: lanes }, (_, lane) =>
    deliveries.filter((_delivery, index) => index % lanes === lane),
  );
  await Promise.all(
    shares.map(async (share) => sendAll(share, { ...rest, pauseMs, random: random.fork() })),
  );
}
