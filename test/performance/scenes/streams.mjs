// Ten thousand customers who watch their payments: what a stream holds of memory, and what they cost while nothing
// happens.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../attacks/lib/api.mjs';
import { SECRET, startVictim } from '../attacks/lib/start-victim.mjs';
import { resolve } from 'node:path';

const KIT = resolve(import.meta.dirname, '../../..');
const AT_ONCE = 200;
const AN_ADDRESS = 40;
const WATCHED_MS = 5_000;

/** An address of this machine for each few viewers: a shop bounds what one address may hold. */
const addressOf = (index) => {
  const number = Math.floor(index / AN_ADDRESS) + 2;
  return `127.0.${number >> 8}.${number & 255}`;
};

function openStream(port, id, localAddress) {
  return new Promise((opened, failed) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    socket.on('connect', () =>
      socket.write(
        `GET /status/${encodeURIComponent(id)} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`,
      ),
    );
    socket.once('data', (bytes) =>
      opened({ held: bytes.latin1Slice(9, 12) === '200', close: () => socket.destroy() }),
    );
    socket.on('error', failed);
  });
}

/** `viewers` streams on `payments` ids. */
async function watched({ viewers, payments }) {
  const api = await startApi({ delayMs: 5 });
  const victim = await startVictim(KIT, { webhookSecret: SECRET, ...api.optionsFor('v2') });
  const streams = [];
  try {
    const { rssBytes } = await victim.begin();
    while (streams.length < viewers) {
      const from = streams.length;
      const some = Array.from({ length: Math.min(AT_ONCE, viewers - from) }, (_, index) =>
        openStream(victim.port, `pay@open-${(from + index) % payments}`, addressOf(from + index)),
      );
      streams.push(...(await Promise.all(some)));
    }
    const calls = api.seen.calls;
    await sleep(WATCHED_MS);
    const { peakRssBytes, longestBlockMs } = await victim.figures();
    const held = streams.filter((stream) => stream.held).length;
    return {
      viewers,
      payments,
      held,
      kibAStream: (peakRssBytes - rssBytes) / 1024 / held,
      longestStopMs: longestBlockMs,
      callsPerSecond: ((api.seen.calls - calls) * 1000) / WATCHED_MS,
    };
  } finally {
    for (const { close } of streams) close();
    await victim.stop();
    api.close();
  }
}

export const streams = {
  name: 'streams',
  title: 'Status streams',
  runsOn: 'here',
  async measure({ quick, say }) {
    const most = quick ? 1_000 : 10_000;
    const crowds = [];
    for (const payments of [1, most / 100, most / 10]) {
      say(`${most} viewers of ${payments} payments`);
      crowds.push(await watched({ viewers: most, payments }));
    }
    return { crowds };
  },
};
