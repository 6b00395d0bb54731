// Load at a given rate, whatever the answers take: who waits for a slow answer before sending the next asks less of a
// server just when it is slow.
import { setTimeout as sleep } from 'node:timers/promises';
import { openConnection } from './load.mjs';

const CONNECTIONS = 64;

/** Nanoseconds by the clock that all processes of this machine share. */
const nowNs = () => Number(process.hrtime.bigint());

/**
 * Sends `requests` at `perSecond`, spread over `ports`. What finds every connection busy waits, and its wait counts.
 * @returns {Promise<{ sentNs: number[], ackMs: number[], statuses: Record<number, number>, answers: number, seconds: number }>}
 */
export async function pacedLoad({ ports, requests, perSecond }) {
  const opening = Array.from({ length: CONNECTIONS }, (_, index) =>
    openConnection(ports[index % ports.length]),
  );
  const free = await Promise.all(opening);
  const waiting = [];
  const sentNs = [];
  const ackMs = [];
  const statuses = {};
  const answering = [];

  async function send(index) {
    const connection = free.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
    const status = await connection.send(requests[index]);
    ackMs[index] = (nowNs() - sentNs[index]) / 1e6;
    statuses[status] = (statuses[status] ?? 0) + 1;
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  }

  const start = performance.now();
  while (sentNs.length < requests.length) {
    const due = Math.floor(((performance.now() - start) / 1000) * perSecond) + 1;
    while (sentNs.length < Math.min(due, requests.length)) {
      sentNs.push(nowNs());
      answering.push(send(sentNs.length - 1));
    }
    await sleep(1);
  }
  await Promise.all(answering);
  const seconds = (performance.now() - start) / 1000;
  for (const connection of free) connection.close();
  return { sentNs, ackMs, statuses, answers: requests.length, seconds };
}
