import { Readable } from 'node:stream';
import { inBackground, type Clock } from '../clock.js';

/** A stream of Server-Sent Events, and how to write to it. */
export interface EventStream {
  readonly stream: Readable;
  /** One `status` event; a reader that is too slow misses intermediate ones. */
  send(data: string): void;
  /** The last `status` event, and the end: a client that asks again is to be answered 204, which {@link hasHeardAll} tells. */
  finish(data: string): void;
  /** Ends the stream after what was sent. A client comes again: soon, or, where others need the place, after a while. */
  end(why: 'interrupted' | 'busy'): void;
  isOpen(): boolean;
}

/**
 * Whether a client's `Last-Event-ID` says that it has heard the last there was. Clients connect again after every end
 * of a stream, for ever, unless they are answered 204.
 */
export function hasHeardAll(lastEventId: string | undefined): boolean {
  return lastEventId === FINAL_ID;
}

/** What an event stream needs. `onClose` is called once, when the reader has gone or the stream has ended. */
export interface EventStreamOptions {
  readonly clock: Clock;
  /** In [0, 1): clients cut off at once shall not come back at once. */
  readonly random: () => number;
  readonly onClose: () => void;
}

/** Proxies cut connections that are silent for a minute, many sooner. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it connects again, at most, in ms. */
const RECONNECT_MS = 2_000;
const RECONNECT_WHEN_BUSY_MS = 60_000;
const FINAL_ID = 'final';

/** An event stream with a heartbeat; the first bytes go out at once, so that proxies and browsers see it open. */
export function createEventStream({ clock, random, onClose }: EventStreamOptions): EventStream {
  let cancel = (): void => undefined;
  let open = true;
  let waiting: string | undefined;
  let full = false;
  const stream = new Readable({
    highWaterMark: 1_024,
    read() {
      full = false;
      if (waiting === undefined) return;
      const data = waiting;
      waiting = undefined;
      write(data);
    },
    destroy(error, callback) {
      close();
      callback(error);
    },
  });

  function close(): void {
    if (!open) return;
    open = false;
    cancel();
    onClose();
  }

  function write(text: string): void {
    if (!open) return;
    full = !stream.push(text);
  }

  function beat(): void {
    cancel = inBackground(clock).after(HEARTBEAT_MS, () => {
      if (!full) write(': still here\n\n');
      beat();
    });
  }

  function retryAfter(mostMs: number): string {
    return `retry: ${Math.round((mostMs * (1 + random())) / 2)}\n\n`;
  }

  write(retryAfter(RECONNECT_MS));
  beat();
  return {
    stream,
    send(data) {
      if (full) waiting = eventOf(data);
      else write(eventOf(data));
    },
    isOpen: () => open,
    finish(data) {
      // What is still waiting is older.
      waiting = `id: ${FINAL_ID}\n${eventOf(data)}`;
      end();
    },
    end(why) {
      if (why === 'busy') waiting = `${waiting ?? ''}${retryAfter(RECONNECT_WHEN_BUSY_MS)}${BUSY}`;
      end();
    },
  };

  function end(): void {
    if (!open) return;
    if (waiting !== undefined) stream.push(waiting);
    stream.push(null);
    close();
  }
}

function eventOf(data: string): string {
  return `event: status\ndata: ${data}\n\n`;
}

/** Tells a page to look by itself from now on. */
const BUSY = 'event: busy\ndata: {}\n\n';
