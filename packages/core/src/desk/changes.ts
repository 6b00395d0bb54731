import { inBackground, type CancelTimer } from '../clock.js';
import type { Deliveries } from '../deliveries.js';
import type { HttpResponse } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import { createEventStream, type EventStream } from '../status/event-stream.js';

const EVERY_MS = 2_000;
const MOST_VIEWERS = 50;
/** Who may look is asked again when the browser comes back. */
const LONGEST_MS = 600_000;

/** Tells open pages that something in the inbox has changed. */
export interface Changes {
  /** An event stream, or `undefined` where there are too many. */
  follow(): HttpResponse | undefined;
  close(): void;
}

/** The store is asked for its counts every two seconds while someone looks, once for all who do. */
export function createChanges(runtime: Runtime, deliveries: Pick<Deliveries, 'stats'>): Changes {
  const clock = inBackground(runtime.clock);
  const viewers = new Map<EventStream, CancelTimer>();
  let cancel: CancelTimer | undefined;
  let last = '';

  async function look(): Promise<void> {
    const now = await fingerprint();
    if (now !== undefined && now !== last && last !== '')
      for (const viewer of viewers.keys()) viewer.send('{}');
    last = now ?? last;
    cancel?.();
    cancel = undefined;
    wait();
  }

  async function fingerprint(): Promise<string | undefined> {
    try {
      const { due, running, done, dead, unhandled } = await deliveries.stats();
      return [due, running, done, dead, unhandled].join(' ');
    } catch {
      // The page says so when it loads.
      return undefined;
    }
  }

  function wait(): void {
    if (viewers.size === 0) last = '';
    else cancel ??= clock.after(EVERY_MS, () => void look());
  }

  return {
    follow() {
      if (viewers.size >= MOST_VIEWERS) return undefined;
      const viewer = createEventStream(runtime, () => {
        viewers.get(viewer)?.();
        viewers.delete(viewer);
      });
      viewers.set(
        viewer,
        clock.after(LONGEST_MS, () => viewer.end('interrupted')),
      );
      // What a page shows is about as old as its stream: from then on changes are told.
      if (viewers.size === 1) void look();
      return { status: 200, headers: STREAM_HEADERS, body: '', stream: viewer.stream };
    },
    close() {
      cancel?.();
      for (const viewer of viewers.keys()) viewer.end('interrupted');
    },
  };
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // no-transform: compression middleware would hold events back.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
} as const;
