import { Readable } from 'node:stream';
import { inBackground } from '../clock.js';
import type { Runtime } from '../runtime.js';

/** A stream of Server-Sent Events, and how to write to it. */
export interface EventStream {
  readonly stream: Readable;
  /** One `status` event; a reader that is too slow misses intermediate ones. */
  send(data: string): void;
  /** The last `status` event, and the end: a client that asks again is to be answered 204, see {@link hasReceivedLast}. */
  finish(data: string): void;
  /** Ends the stream after what was sent. A client comes again: soon, or, where others need the place, after a while. */
  end(why: 'interrupted' | 'busy'): void;
  isOpen(): boolean;
}

/**
 * Whether a client's `Last-Event-ID` says that it has received the last event there was. Clients connect again after
 * every end of a stream, forever, unless they are answered 204.
 */
export function hasReceivedLast(lastEventId: string | undefined): boolean {
  return lastEventId === FINAL_ID;
}

/** Proxies cut connections that are silent for a minute, many sooner. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it connects again, at most, in ms. */
const RECONNECT_MS = 2_000;
const RECONNECT_WHEN_BUSY_MS = 60_000;
const FINAL_ID = 'final';

/**
 * An event stream with a heartbeat; the first bytes go out at once, so that proxies and browsers see it open. `onClose` is
 * called once, when the reader has gone or the stream has ended.
 */
export function createEventStream(
  { clock, random }: Pick<Runtime, 'clock' | 'random'>,
  onClose: () => void,
): EventStream {
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

  /** Jittered: clients that are cut off at once shall not come back at once. */
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

/** Makes a page poll from now on. */
const BUSY = 'event: busy\ndata: {}\n\n';

/** A stream that wants a place. */
export interface PlacedStream {
  /** The id that is looked at. */
  readonly id: string;
  readonly client: string;
  /** Whether the id is known not to be made up. */
  readonly isKnown: () => boolean;
  /** Ends the stream: another one has its place. */
  readonly end: () => void;
}

/** The streams of one kit. Each holds a connection and some memory; a page that finds no place polls. */
export interface StreamPlaces {
  /** A place, perhaps another stream's, and how to leave it; `undefined` when there is none. */
  take(stream: PlacedStream): (() => void) | undefined;
}

/** How many streams may be open. */
export interface StreamLimits {
  readonly inAll: number;
  /** Of one id. */
  readonly ofOneId: number;
}

const LIMITS: StreamLimits = { inAll: 2_000, ofOneId: 100 };

/**
 * Places without a share for each client, since one address may be many customers behind a proxy that the kit does not
 * know of. Once all places are taken, ids that are known not to be made up may have those of others; else the client with
 * most streams gives one up, the oldest, be it for itself. For one id that is no gain: its next viewer finds no place.
 */
export function createStreamPlaces({ inAll, ofOneId }: StreamLimits = LIMITS): StreamPlaces {
  /** The oldest first. */
  const open = new Set<PlacedStream>();
  const byId = new Map<string, Set<PlacedStream>>();

  function leave(stream: PlacedStream): void {
    open.delete(stream);
    const alike = byId.get(stream.id);
    alike?.delete(stream);
    if (alike?.size === 0) byId.delete(stream.id);
  }

  /** The stream whose place a stream may have where one id has too many; `undefined`: none. */
  function toLeaveId(
    stream: PlacedStream,
    alike: ReadonlySet<PlacedStream>,
  ): PlacedStream | undefined {
    const counts = countByClient(alike);
    const heaviest = heaviestOf(alike, counts);
    return outweighs(heaviest, stream, counts) ? heaviest : undefined;
  }

  /** The same where there are too many in all. */
  function toLeave(stream: PlacedStream): PlacedStream | undefined {
    const counts = countByClient(open);
    const unknown = [...open].filter((other) => !other.isKnown());
    const isKnown = stream.isKnown();
    if (isKnown && unknown.length > 0) return heaviestOf(unknown, counts);
    const heaviest = heaviestOf(isKnown ? open : unknown, counts);
    const isOwn = heaviest?.client === stream.client;
    return isOwn || outweighs(heaviest, stream, counts) ? heaviest : undefined;
  }

  return {
    take(stream) {
      const alike = byId.get(stream.id) ?? new Set();
      const isCrowded = alike.size >= ofOneId;
      if (isCrowded || open.size >= inAll) {
        const leaving = isCrowded ? toLeaveId(stream, alike) : toLeave(stream);
        if (leaving === undefined) return undefined;
        leave(leaving);
        leaving.end();
      }
      open.add(stream);
      byId.set(stream.id, alike.add(stream));
      return () => {
        leave(stream);
      };
    },
  };
}

function countByClient(streams: Iterable<PlacedStream>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { client } of streams) counts.set(client, (counts.get(client) ?? 0) + 1);
  return counts;
}

/** The oldest stream of the client that has most. */
function heaviestOf(
  streams: Iterable<PlacedStream>,
  counts: ReadonlyMap<string, number>,
): PlacedStream | undefined {
  let heaviest: PlacedStream | undefined;
  let most = 0;
  for (const stream of streams) {
    const count = counts.get(stream.client) ?? 0;
    if (count <= most) continue;
    most = count;
    heaviest = stream;
  }
  return heaviest;
}

/** Whether a client would still have as many as a newcomer's when it gave one up. */
function outweighs(
  heaviest: PlacedStream | undefined,
  { client }: PlacedStream,
  counts: ReadonlyMap<string, number>,
): boolean {
  if (heaviest === undefined) return false;
  return (counts.get(heaviest.client) ?? 0) > (counts.get(client) ?? 0) + 1;
}
