import { Readable } from 'node:stream';
import { inBackground, type Clock } from '../clock.js';

/** A stream of Server-Sent Events, and how to write to it. */
export interface EventStream {
  readonly stream: Readable;
  /** One `status` event; a reader that is too slow misses intermediate ones. */
  send(data: string): void;
  /** Ends the stream after what was sent. */
  end(): void;
  isOpen(): boolean;
}

/** What an event stream needs. `onClose` is called once, when the reader has gone or the stream has ended. */
export interface EventStreamOptions {
  readonly clock: Clock;
  readonly onClose: () => void;
}

/** Proxies cut connections that are silent for a minute, many sooner. */
const HEARTBEAT_MS = 15_000;
/** How long a browser waits before it connects again, in ms. */
const RECONNECT_MS = 2_000;

/** An event stream with a heartbeat; the first bytes go out at once, so that proxies and browsers see it open. */
export function createEventStream({ clock, onClose }: EventStreamOptions): EventStream {
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

  write(`retry: ${RECONNECT_MS}\n\n`);
  beat();
  return {
    stream,
    send(data) {
      const event = `event: status\ndata: ${data}\n\n`;
      if (full) waiting = event;
      else write(event);
    },
    isOpen: () => open,
    end() {
      if (!open) return;
      if (waiting !== undefined) stream.push(waiting);
      stream.push(null);
      close();
    },
  };
}
