import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { LIVE_SCRIPT } from '../../src/redirect/live-script.js';
import { settle } from '../support/settle.js';

type Listener = (event: { data: string }) => void;

/** A browser just large enough for the script, with a server that answers what `next` says. */
function openBrowser({ hasEvents = true } = {}) {
  const next = { state: 'waiting customer false', live: 'status/pay%401' as string | undefined };
  const timers = new Set<() => void>();
  const waiting: (() => void)[] = [];
  const sources: FakeEventSource[] = [];
  const seen = { fetches: 0, closes: 0, reloads: 0, shown: [] as string[] };
  const answer = { type: 'basic', text: async () => '<html>' };
  const main = {
    dataset: { live: 'status/pay%401', state: 'waiting customer false' },
    isConnected: true,
    querySelector: () => null,
    replaceChildren: (state: string) => seen.shown.push(state),
  };
  class FakeEventSource {
    readyState = 1;
    readonly listeners = new Map<string, Listener>();

    constructor(readonly url: string) {
      sources.push(this);
    }

    addEventListener(name: string, listener: Listener): void {
      this.listeners.set(name, listener);
    }

    close(): void {
      seen.closes += 1;
    }
  }
  const events = hasEvents ? { EventSource: FakeEventSource } : {};
  runInNewContext(LIVE_SCRIPT, {
    document: { querySelector: () => main, title: '', addEventListener: () => undefined },
    window: events,
    ...events,
    location: { href: '/success?uuid=pay@1', reload: () => (seen.reloads += 1) },
    fetch: async () => {
      seen.fetches += 1;
      const page = { ...next };
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { ...answer, text: async () => JSON.stringify(page) };
    },
    DOMParser: function DOMParser() {
      return {
        parseFromString: (text: string) => {
          const page: typeof next = JSON.parse(text);
          return {
            title: page.state,
            querySelector: () => ({
              dataset: page,
              childNodes: [page.state],
              querySelector: () => null,
            }),
          };
        },
      };
    },
    setTimeout: (callback: () => void) => {
      timers.add(callback);
      return callback;
    },
    clearTimeout: (callback: () => void) => timers.delete(callback),
  });
  return {
    next,
    seen,
    sources,
    timers,
    say: (state: string, step?: string, attemptFailed = false) => {
      const data = JSON.stringify({ state, step, attemptFailed });
      sources[0]?.listeners.get('status')?.({ data });
    },
    /** The pages that were asked for arrive. */
    arrive: async () => {
      for (const resolve of waiting.splice(0)) resolve();
      await settle();
    },
    tick: async () => {
      const due = [...timers];
      timers.clear();
      for (const callback of due) callback();
      await settle();
    },
  };
}

test('it listens where the page says, and leaves the page alone while nothing is new', async () => {
  const { sources, say, seen } = openBrowser();
  say('waiting', 'customer');
  await settle();
  expect(sources.map(({ url }) => url)).toEqual(['status/pay%401']);
  expect(seen.fetches).toBe(0);
});

test('news has the page fetched and shown; the last news closes the stream', async () => {
  const { next, say, arrive, seen } = openBrowser();
  next.state = 'waiting sent false';
  say('waiting', 'sent');
  await arrive();
  expect([seen.shown, seen.closes]).toEqual([['waiting sent false'], 0]);

  next.state = 'paid paid false';
  next.live = undefined;
  say('paid', 'paid');
  await arrive();
  expect([seen.shown.at(-1), seen.fetches, seen.closes]).toEqual(['paid paid false', 2, 1]);
});

test('news that comes while a page is on its way is not lost', async () => {
  const { next, say, arrive, seen } = openBrowser();
  next.state = 'waiting sent false';
  say('waiting', 'sent');
  next.state = 'paid paid false';
  next.live = undefined;
  say('paid', 'paid');
  await arrive();
  await arrive();
  expect(seen.shown).toEqual(['waiting sent false', 'paid paid false']);
  expect(seen.fetches).toBe(2);
});

test('without event streams it looks again and again, until it is final', async () => {
  const { next, arrive, tick, timers, seen } = openBrowser({ hasEvents: false });
  await tick();
  await arrive();
  expect([seen.fetches, timers.size]).toEqual([1, 1]);
  next.live = undefined;
  next.state = 'paid paid false';
  await tick();
  await arrive();
  expect([seen.fetches, seen.shown.at(-1), timers.size]).toEqual([2, 'paid paid false', 0]);
});

test('a stream that is refused is replaced by looking again', async () => {
  const { sources, timers } = openBrowser();
  const [source] = sources;
  source?.listeners.get('error')?.({ data: '' });
  expect(timers.size).toBe(0);
  if (source !== undefined) source.readyState = 2;
  source?.listeners.get('error')?.({ data: '' });
  expect(timers.size).toBe(1);
});
