import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { LIVE_SCRIPT } from '../../src/return-page/live-script.js';
import { settle } from '../support/settle.js';

type Listener = (event: { data: string }) => void;

/** The locks of a browser, for all its tabs; only those that are there at once. */
function browserLocks() {
  const held = new Set<string>();
  return {
    held,
    async request(name: string, _options: object, callback: (lock: object | null) => unknown) {
      await Promise.resolve();
      if (held.has(name)) {
        await callback(null);
        return;
      }
      held.add(name);
      await callback({ name });
      held.delete(name);
    },
  };
}

/** A tab of a browser just large enough for the script, with a server that answers what `next` says. */
function openBrowser({
  hasEvents = true,
  locks,
}: { hasEvents?: boolean; locks?: ReturnType<typeof browserLocks> } = {}) {
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
      this.readyState = 2;
      seen.closes += 1;
    }
  }
  const events = hasEvents ? { EventSource: FakeEventSource } : {};
  const page = {
    querySelector: () => main,
    title: '',
    hidden: false,
    shown: () => undefined as void,
    addEventListener(name: string, listener: () => void) {
      if (name === 'visibilitychange') page.shown = listener;
    },
  };
  runInNewContext(LIVE_SCRIPT, {
    document: page,
    navigator: { locks },
    window: events,
    ...events,
    location: { href: '/success?uuid=pay@1', reload: () => (seen.reloads += 1) },
    fetch: async () => {
      seen.fetches += 1;
      const content = { ...next };
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { ...answer, text: async () => JSON.stringify(content) };
    },
    DOMParser: function DOMParser() {
      return {
        parseFromString: (text: string) => {
          const content: typeof next = JSON.parse(text);
          return {
            title: content.state,
            querySelector: () => ({
              dataset: content,
              childNodes: [content.state],
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
    /** The stream that is open. */
    stream: () => sources.find(({ readyState }) => readyState !== 2),
    setHidden: async (hidden: boolean) => {
      page.hidden = hidden;
      page.shown();
      await settle();
    },
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

test('a hidden tab lets go of its stream and asks nothing; shown again it catches up and listens', async () => {
  const { next, seen, setHidden, stream, tick, arrive, timers } = openBrowser();
  await setHidden(true);
  await tick();
  expect([stream(), timers.size, seen.fetches]).toEqual([undefined, 0, 0]);
  next.state = 'waiting sent false';
  await setHidden(false);
  await arrive();
  expect(seen.shown).toEqual(['waiting sent false']);
  expect(stream()?.url).toBe('status/pay%401');
});

test('a hidden tab that only looks stops looking, and one that was opened hidden begins when it is shown', async () => {
  const { seen, setHidden, tick, timers } = openBrowser({ hasEvents: false });
  expect(timers.size).toBe(1);
  await setHidden(true);
  expect(timers.size).toBe(0);
  await setHidden(true);
  await tick();
  expect(seen.fetches).toBe(0);
  await setHidden(false);
  expect([timers.size, seen.fetches]).toEqual([1, 1]);
});

test('a payment that has ended is not asked about again when its tab is shown', async () => {
  const { next, seen, say, arrive, setHidden, stream } = openBrowser();
  next.state = 'paid paid false';
  next.live = undefined;
  say('paid', 'paid');
  await arrive();
  await setHidden(true);
  await setHidden(false);
  expect([seen.fetches, stream()]).toEqual([1, undefined]);
});

test('two tabs of a browser have a stream, the others look; a place that becomes free is taken', async () => {
  const locks = browserLocks();
  const [one, two, three] = [1, 2, 3].map(() => openBrowser({ locks }));
  await settle();
  expect([one, two, three].map((tab) => tab?.stream() !== undefined)).toEqual([true, true, false]);
  await three?.tick();
  await three?.arrive();
  expect([three?.seen.fetches, three?.stream(), three?.timers.size]).toEqual([1, undefined, 1]);

  await one?.setHidden(true);
  await three?.tick();
  await three?.arrive();
  expect([one, two, three].map((tab) => tab?.stream() !== undefined)).toEqual([false, true, true]);
  expect(locks.held.size).toBe(2);
});

test('a browser that refuses locks listens all the same', async () => {
  const locks = { ...browserLocks(), request: async () => Promise.reject(new Error('insecure')) };
  const { stream } = openBrowser({ locks });
  await settle();
  expect(stream()?.url).toBe('status/pay%401');
});

test.each(['busy', 'error'])(
  'after %s it lets go, looks by itself, and asks for a stream again after a while',
  async (event) => {
    const { sources, arrive, tick, stream, seen } = openBrowser();
    const [source] = sources;
    if (source !== undefined && event === 'error') source.readyState = 2;
    source?.listeners.get(event)?.({ data: '{}' });
    expect([seen.closes, stream()]).toEqual([1, undefined]);
    for (let looks = 1; looks <= 8; looks += 1) {
      expect(stream()).toBeUndefined();
      await tick();
      await arrive();
      expect(seen.fetches).toBe(looks);
    }
    expect(stream()?.url).toBe('status/pay%401');
  },
);
