import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { StatusOptions } from '@qbitflow/core/adapter';
import { fakeClock, type FakeClock } from '@qbitflow/core/testing';
import {
  OPEN,
  paidLater,
  type AdapterCase,
  type AdapterHarness,
  type OpenApp,
} from './adapter-harness.js';
import { ask, connectTo, listen, type RawConnection } from './http-client.js';

const MOUNTED = { what: 'status', path: '/status/:uuid' } as const;
const PATH = `/status/${encodeURIComponent(OPEN)}`;

interface Watched extends OpenApp {
  readonly clock: FakeClock;
  /** Tells the kit that the open payment is paid. */
  readonly pay: () => Promise<void>;
}

/** An app whose kit's time stands still. */
async function openWatched(harness: AdapterHarness, options?: StatusOptions): Promise<Watched> {
  return watched(harness, { ...MOUNTED, ...(options !== undefined && { options }) });
}

async function watched(
  harness: AdapterHarness,
  mounted: Parameters<AdapterHarness['openApp']>[0],
): Promise<Watched> {
  const clock = fakeClock();
  const app = await harness.openApp(mounted, { kit: { clock } });
  harness.onEnd(async () => closeKit(app, clock));
  const pay = async () => {
    const { headers, body } = paidLater(clock);
    await app.qbitflow.handleWebhook({ method: 'POST', url: '/', headers, rawBody: body });
  };
  return { ...app, clock, pay };
}

async function closeKit({ qbitflow }: OpenApp, clock: FakeClock): Promise<void> {
  const closing = qbitflow.close();
  await clock.advance(60_000);
  await closing;
}

/** Ways to go away, as networks and browsers have them. */
const LEAVING: Readonly<Record<string, (viewer: RawConnection['socket']) => unknown>> = {
  'closes its tab': (viewer) => viewer.destroy(),
  'loses its network': (viewer) => viewer.resetAndDestroy(),
  'hangs up': (viewer) => viewer.end(),
};

const leaving: readonly AdapterCase[] = Object.entries(LEAVING).map(([how, leave]) => ({
  name: `status: a viewer that ${how} is let go of, and is no error of the app`,
  async run(harness) {
    const { origin, clock, appErrors } = await openWatched(harness);
    const { socket, text } = await connectTo(origin);
    socket.write(`GET ${PATH} HTTP/1.1\r\nhost: shop\r\naccept: text/event-stream\r\n\r\n`);
    await harness.waitFor('the first status', () => step(text()));
    match(text(), /^x-shop: yes\r$/im);
    leave(socket);
    await harness.waitFor('nobody being watched for', () =>
      clock.waiting === 0 ? true : undefined,
    );
    deepEqual(appErrors, []);
  },
}));

function step(text: string): true | undefined {
  return text.includes('"step":"customer"') ? true : undefined;
}

/** The live status: JSON, and streams of events with viewers that come and go. */
export const statusCases: readonly AdapterCase[] = [
  {
    name: 'status: events arrive as they happen, compressed by nobody, and end with the truth',
    async run(harness) {
      const { origin, clock, pay } = await openWatched(harness);
      const viewer = await listen(origin, PATH);
      equal(viewer.status, 200);
      equal(viewer.headers['content-type'], 'text/event-stream; charset=utf-8');
      equal(viewer.headers['cache-control'], 'no-store, no-transform');
      equal(viewer.headers['x-accel-buffering'], 'no');
      equal(viewer.headers['content-encoding'], undefined);
      await harness.waitFor('the first status', () => step(viewer.text()));
      match(viewer.text(), /^retry: \d+\n\nevent: status\ndata: {/);
      await clock.advance(15_000);
      await harness.waitFor('a heartbeat', () =>
        viewer.text().includes(': still here\n\n') ? true : undefined,
      );
      await pay();
      await harness.waitFor('the end', () => (viewer.hasEnded() ? true : undefined));
      ok(viewer.text().includes('"state":"paid"'), 'it ends with what is true');
    },
  },
  {
    name: 'status: viewers share what is asked, and those that leave are let go of',
    async run(harness) {
      const { origin, clock, api } = await openWatched(harness);
      const viewers = await Promise.all([1, 2, 3].map(async () => listen(origin, PATH)));
      for (const { text } of viewers) await harness.waitFor('the first status', () => step(text()));
      // A heartbeat each, and one watcher for all of them.
      await harness.waitFor('four timers', () => (clock.waiting === 4 ? true : undefined));
      equal(api.statusCalls, 1);
      for (const { leave } of viewers) leave();
      await harness.waitFor('no timer', () => (clock.waiting === 0 ? true : undefined));
      await clock.advance(60_000);
      equal(api.statusCalls, 1);
    },
  },
  ...leaving,
  {
    name: 'status: whoever has heard the end is told to stay away',
    async run(harness) {
      const { origin } = await openWatched(harness);
      const headers = { accept: 'text/event-stream', 'last-event-id': 'final' };
      const { status, headers: answered } = await ask(origin, PATH, { headers });
      deepEqual(
        [status, answered['content-length'], answered['cache-control']],
        [204, undefined, 'no-store'],
      );
    },
  },
  {
    name: 'status: close() ends the streams',
    async run(harness) {
      const app = await openWatched(harness);
      const viewer = await listen(app.origin, PATH);
      await harness.waitFor('the first status', () => step(viewer.text()));
      await closeKit(app, app.clock);
      await harness.waitFor('the end', () => (viewer.hasEnded() ? true : undefined));
    },
  },
  {
    name: 'status: JSON by default, HEAD without a body, 405 for POST, 400 for no id',
    async run(harness) {
      const { origin } = await openWatched(harness);
      const json = await ask(origin, PATH);
      deepEqual([json.status, JSON.parse(json.text).state], [200, 'waiting']);
      const head = await ask(origin, PATH, { method: 'HEAD' });
      deepEqual([head.status, head.text], [200, '']);
      equal((await ask(origin, PATH, { method: 'POST' })).status, 405);
      equal((await ask(origin, '/status/%7B%7BUUID%7D%7D')).status, 400);
    },
  },
  {
    name: 'status: authorize decides who may listen',
    async run(harness) {
      const { origin } = await openWatched(harness, {
        authorize: ({ headers }) => headers['cookie'] === 'buyer=1',
      });
      const refused = await listen(origin, PATH);
      equal(refused.status, 404);
      const allowed = await listen(origin, PATH, { cookie: 'buyer=1' });
      equal(allowed.status, 200);
      allowed.leave();
    },
  },
  {
    name: 'status: the routes have it too',
    async run(harness) {
      const { origin, pay } = await watched(harness, { what: 'router', path: '/qbitflow' });
      const viewer = await listen(origin, `/qbitflow${PATH}`);
      await harness.waitFor('the first status', () => step(viewer.text()));
      await pay();
      await harness.waitFor('the end', () => (viewer.hasEnded() ? true : undefined));
      ok(viewer.text().includes('"state":"paid"'), 'it ends with what is true');
    },
  },
  {
    name: 'client: the address is that of the socket, whatever a header says',
    run: async (harness) => namesClient(harness, 0, '127.0.0.1'),
  },
  {
    name: 'client: the address is whom a proxy names that the app trusts',
    needs: ({ trustsProxies }) => trustsProxies,
    run: async (harness) => namesClient(harness, 1, '198.51.100.7'),
  },
];

async function namesClient(
  { openApp }: AdapterHarness,
  proxies: number,
  expected: string,
): Promise<void> {
  const clients: unknown[] = [];
  const clientOf = ({ client }: { client?: string | undefined }) => {
    clients.push(client);
    return client;
  };
  const { origin } = await openApp(MOUNTED, { proxies, kit: { clientOf } });
  const headers = { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
  equal((await ask(origin, PATH, { headers })).status, 200);
  deepEqual(clients, [expected]);
}
