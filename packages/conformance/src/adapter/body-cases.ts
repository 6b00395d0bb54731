import { deepEqual, equal, match } from 'node:assert/strict';
import {
  parsesBy,
  v1Delivery,
  v2Delivery,
  type AdapterCase,
  type AdapterHarness,
} from './adapter-harness.js';
import type { BodyParser } from './adapter-plan.js';
import { ask, connectTo, post } from './http-client.js';

/** The most that a webhook's body may have. In bytes. */
const LARGEST = 1_048_576;

const WEBHOOK = { what: 'webhook', path: '/webhook' } as const;

const CRLF = Buffer.from('\r\n');

/** Parsers that leave the kit enough to check a v2 signature, which is over the bytes. */
const LEAVE_ENOUGH: readonly BodyParser[] = ['raw', 'text', 'json and bytes', 'another type'];

const behindParsers: readonly AdapterCase[] = LEAVE_ENOUGH.map((parser) => ({
  name: `body: behind a parser (${parser}) deliveries of both generations are taken in`,
  needs: parsesBy(parser),
  run: async (harness) => takesBoth(harness, parser),
}));

async function takesBoth({ openApp }: AdapterHarness, parser: BodyParser): Promise<void> {
  for (const delivery of [v2Delivery(), v1Delivery()]) {
    const { origin } = await openApp(WEBHOOK, { parser });
    const { status, text } = await post(origin, '/webhook', delivery);
    deepEqual([status, text], [200, '{"received":true}']);
  }
}

const sized: readonly AdapterCase[] = [false, true].map((chunked) => ({
  name: `body: the largest one is taken in, one byte more is 413${chunked ? ', in chunks' : ''}`,
  async run({ openApp }) {
    const { origin } = await openApp(WEBHOOK);
    const largest = v2Delivery((json) => json.padEnd(LARGEST, ' '));
    const larger = v2Delivery((json) => json.padEnd(LARGEST + 1, ' '));
    for (const [delivery, status] of [[largest, 200] as const, [larger, 413] as const]) {
      const answer = await ask(origin, '/webhook', { method: 'POST', ...delivery, chunked });
      equal(answer.status, status);
    }
  },
}));

/** How bodies come: whole and in pieces, and what parsers in front have left of them. */
export const bodyCases: readonly AdapterCase[] = [
  ...behindParsers,
  {
    name: 'body: beside a parser (json) deliveries of both generations are taken in',
    needs: (framework) => !framework.parsersLoseBytes && parsesBy('json')(framework),
    run: async (harness) => takesBoth(harness, 'json'),
  },
  {
    name: 'body: behind a parser (json) v1 is taken in, v2 is 500 with the remedy, and the kit is told',
    needs: (framework) => framework.parsersLoseBytes && parsesBy('json')(framework),
    async run({ openApp, waitFor }) {
      const { origin, kitErrors, appErrors } = await openApp(WEBHOOK, { parser: 'json' });
      equal((await post(origin, '/webhook', v1Delivery())).status, 200);
      const { status, text } = await post(origin, '/webhook', v2Delivery());
      equal(status, 500);
      match(text, /mount the QBitFlow route before/);
      await waitFor('onError', () => kitErrors.find((message) => message.includes('body')));
      deepEqual(appErrors, []);
    },
  },
  ...sized,
  {
    name: 'body: byte by byte, in letters of several bytes, it is taken in',
    async run({ openApp, waitFor }) {
      const { origin } = await openApp(WEBHOOK);
      const { headers, body } = v2Delivery((json) => json.replace('{', '{"shop":"Tee für 茶",'));
      const { socket, text } = await connectTo(origin);
      socket.setNoDelay(true).write(head({ ...headers, 'transfer-encoding': 'chunked' }));
      for (const byte of body)
        socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.from([byte]), CRLF]));
      socket.write('0\r\n\r\n');
      const status = await waitFor('an answer', () => /^HTTP\/1\.1 (\d+)/.exec(text())?.[1]);
      equal(status, '200');
      socket.destroy();
    },
  },
  {
    name: 'body: a sender that goes away half-way leaves no trace',
    async run({ openApp, waitFor }) {
      const { origin, events } = await openApp(WEBHOOK);
      const { headers, body } = v2Delivery();
      for (const part of [0, 1, body.length - 1]) {
        const { socket } = await connectTo(origin);
        socket.write(head({ ...headers, 'content-length': String(body.length) }));
        await new Promise((resolve) => {
          socket.write(body.subarray(0, part), resolve);
        });
        socket.destroy();
      }
      deepEqual(JSON.parse((await post(origin, '/webhook', v2Delivery())).text), {
        received: true,
      });
      await waitFor('the event at its handler', () => events[0]);
      equal(events.length, 1);
    },
  },
];

function head(headers: Readonly<Record<string, string>>): string {
  const fields = Object.entries({ host: 'shop.example', ...headers });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /webhook HTTP/1.1\r\n${lines.join('')}\r\n`;
}
