// Event streams: how many strangers can hold, what those cost, and whether the next customer gets one. And customers
// alone, more of them than the API can answer at once.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApi } from '../lib/api.mjs';
import { SECRET, startVictim } from '../lib/start-victim.mjs';

const AT_ONCE = 100;

/** Opens a stream; resolves with its status, 0 where there is none, and goes on counting its events. */
function openStream(port, id, from = '127.0.0.1') {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const stream = { status: 0, events: 0, sawStatus: false, close: () => socket.destroy() };
    socket.on('connect', () =>
      socket.write(
        `GET /status/${encodeURIComponent(id)} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`,
      ),
    );
    socket.setEncoding('utf8').on('data', (text) => {
      stream.events += text.split('event: status').length - 1;
      stream.sawStatus ||= text.includes('"status":"created"');
      stream.status ||= Number(text.slice(9, 12));
      resolve(stream);
    });
    socket.on('error', () => resolve(stream));
    socket.on('close', () => resolve(stream));
  });
}

async function openStreams(port, count, idOf) {
  const streams = [];
  while (streams.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - streams.length) }, (_, index) =>
      openStream(port, idOf(streams.length + index)),
    );
    streams.push(...(await Promise.all(batch)));
  }
  return streams;
}

/** `[what, streams, their ids, the next customer's id]` */
const floods = [
  ['5,000 of one id', 5_000, () => 'pay@open-same', 'pay@open-same'],
  ['2,000 of ids that exist', 2_000, (index) => `pay@open-${index}`, 'pay@open-customer'],
  ['2,000 of made-up ids', 2_000, (index) => `pay@${index}`, 'pay@open-customer'],
];

async function withVictim(kit, apiOptions, measure) {
  const api = await startApi(apiOptions);
  const victim = await startVictim(kit, { webhookSecret: SECRET, ...api.optionsFor('v2') });
  try {
    return await measure(victim, api);
  } finally {
    await victim.stop();
    api.close();
  }
}

const measureFlood = (kit, [what, count, idOf, customerId]) =>
  withVictim(kit, { delayMs: 5 }, async (victim, api) => {
    const { rssBytes } = await victim.begin();
    const streams = await openStreams(victim.port, count, idOf);
    const before = api.seen.calls;
    await sleep(3_000);
    const callsPerSecond = (api.seen.calls - before) / 3;
    const customer = await openStream(victim.port, customerId, '127.0.0.2');
    const { peakRssBytes } = await victim.figures();
    for (const { close } of [...streams, customer]) close();
    const held = streams.filter(({ status }) => status === 200).length;
    const peakMiB = (peakRssBytes - rssBytes) / 1_048_576;
    return { what, figures: { held, peakMiB, callsPerSecond, customer: customer.status } };
  });

/** `[what, viewers, ms an answer]`: each of a payment of its own, with 15 s to see where it stands. */
const crowds = [
  ['300 viewers, 1 s an answer', 300, 1_000],
  ['1,000 viewers, 300 ms an answer', 1_000, 300],
];

const measureCrowd = (kit, [what, count, delayMs]) =>
  withVictim(kit, { delayMs }, async (victim, api) => {
    const start = performance.now();
    const streams = await openStreams(victim.port, count, (index) => `pay@open-${index}`);
    await sleep(15_000);
    const callsPerSecond = (api.seen.calls * 1000) / (performance.now() - start);
    for (const { close } of streams) close();
    const served = streams.filter(({ sawStatus }) => sawStatus).length;
    const needless = streams.reduce((sum, { events }) => sum + Math.max(0, events - 1), 0);
    return {
      what,
      figures: { served, needlessEvents: needless, callsPerSecond },
    };
  });

export const streamFlood = {
  name: 'stream-flood',
  title: 'Event streams from one address: how many it holds, and the next customer’s answer',
  async measure({ kit }) {
    const rows = [];
    for (const flooded of floods) rows.push(await measureFlood(kit, flooded));
    return rows;
  },
};

export const streamCrowd = {
  name: 'stream-crowd',
  title: 'Customers who watch their payments: who saw within 15 s where it stands',
  async measure({ kit }) {
    const rows = [];
    for (const crowd of crowds) rows.push(await measureCrowd(kit, crowd));
    return rows;
  },
};
