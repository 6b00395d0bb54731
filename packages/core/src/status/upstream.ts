import type { RawData } from 'ws';
import type { TransactionReference } from '../api/transaction-ids.js';
import { inBackground, sleep } from '../clock.js';
import { apiRulesOf } from '../protocol/api-rules.js';
import type { StatusChannel } from '../protocol/generation.js';
import type { Runtime } from '../runtime.js';
import type { Asker, ReportListener, StatusQueries } from './queries.js';
import { isFinal, type StatusAnswer } from './transaction-status.js';

/** Which transaction is watched, on whose behalf, and what is called with the answers. */
export interface UpstreamOptions {
  readonly reference: TransactionReference;
  /** In whose name the API is asked. */
  readonly asker: Asker;
  /** Called with every answer. */
  readonly onAnswer: (answer: StatusAnswer) => void;
  /** Called with every report of the live channel. */
  readonly onReport: ReportListener;
}

/** One watcher of one transaction, for all who look at it. */
export interface Upstream {
  /** Asks now: something has happened. */
  nudge(): void;
  stop(): void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
/** The live channel may be silent for a reason or for none: it is checked on now and then. */
const WAIT_BESIDE_CHANNEL_MS = 15_000;
/** A viewer who sees something already may wait its turn for long. */
const QUERY_MS = 60_000;
/** After so many useless connections the live channel is left alone. */
const MOST_CHANNEL_FAILURES = 3;

/** Asks the API about a transaction, and follows its live channel where there is one, until the status is final or `stop` is called. */
export function watchUpstream(
  runtime: Runtime,
  queries: StatusQueries,
  { reference, asker, onAnswer, onReport }: UpstreamOptions,
): Upstream {
  const { random, settings } = runtime;
  // Viewers keep the process alive themselves: those of pages by their sockets, those of a loop while they wait.
  const clock = inBackground(runtime.clock);
  const { statusChannel } = apiRulesOf(runtime.api);
  const stopping = new AbortController();
  let waking = new AbortController();
  let channelIsOpen = false;
  let isFollowing = false;
  let waitMs = FIRST_WAIT_MS;
  let last = '';

  function handle(answer: StatusAnswer): void {
    if (stopping.signal.aborted) return;
    const seen = JSON.stringify([answer.kind, answer.kind === 'report' && answer.report]);
    if (seen !== last) waitMs = FIRST_WAIT_MS;
    last = seen;
    if (isFinal(answer)) stopping.abort();
    // Not before the API knows of it: channels to made-up ids would be calls without a limit.
    else if (answer.kind === 'report' && statusChannel !== undefined) void follow(statusChannel);
    onAnswer(answer);
  }

  /** Between half of `ms` and all of it: what was begun together shall not go on together. */
  function jittered(ms: number): number {
    return (ms * (1 + random())) / 2;
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      waking = new AbortController();
      const answer = await queries.ask(reference, QUERY_MS, {
        ...asker,
        signal: stopping.signal,
      });
      handle(answer);
      const askedMs = answer.kind === 'unknown' ? 0 : (answer.retryAfterMs ?? 0);
      const pauseMs = jittered(channelIsOpen ? WAIT_BESIDE_CHANNEL_MS : waitMs);
      waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS);
      await sleep(clock, Math.max(pauseMs, askedMs), waking.signal);
    }
  }

  async function follow(channel: StatusChannel): Promise<void> {
    if (isFollowing) return;
    isFollowing = true;
    let failures = 0;
    let waitForChannelMs = FIRST_WAIT_MS;
    while (!stopping.signal.aborted && failures < MOST_CHANNEL_FAILURES) {
      channelIsOpen = true;
      const openedAt = clock.now();
      const url = channel.url(settings.baseUrl, reference);
      const read = (text: string): boolean => readMessage(channel, text);
      const wasOfUse = await followWebSocket(url, settings.apiKey, read, stopping.signal);
      channelIsOpen = false;
      failures = wasOfUse ? 0 : failures + 1;
      // One that speaks and dies, again and again, is no reason to connect every second.
      if (clock.now() - openedAt > LONGEST_WAIT_MS) waitForChannelMs = FIRST_WAIT_MS;
      // When the server restarts all channels close at once.
      await sleep(clock, (waitForChannelMs * random()) / 2, stopping.signal);
      // It may have closed because all is said: ask before connecting again.
      waking.abort();
      await sleep(clock, waitForChannelMs / 2, stopping.signal);
      waitForChannelMs = Math.min(waitForChannelMs * 2, LONGEST_WAIT_MS);
    }
  }

  /** Whether the message says anything. */
  function readMessage(channel: StatusChannel, text: string): boolean {
    const report = channel.read(text, reference.uuid);
    if (report === undefined) return false;
    onAnswer({ kind: 'report', report });
    onReport(report, reference);
    return true;
  }

  void poll();
  return {
    nudge: () => {
      waking.abort();
    },
    stop: () => {
      stopping.abort();
      waking.abort();
    },
  };
}

const HANDSHAKE_MS = 10_000;
const LARGEST_MESSAGE_BYTES = 65_536;

/**
 * Follows a WebSocket until it closes or `signal` aborts. Resolves with whether `read` could read any message: newer
 * servers refuse everyone but QBitFlow's own page, and then polling is all there is. Never rejects.
 */
async function followWebSocket(
  url: URL,
  apiKey: string | undefined,
  read: (text: string) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  // It is half of what the kit would load with its first import, and few processes watch a transaction of v1.
  const ws = await import('ws').catch(() => undefined);
  if (ws === undefined) return false;
  return new Promise<boolean>((resolve) => {
    let spoke = false;
    const socket = new ws.WebSocket(url, {
      headers: apiKey === undefined ? {} : { 'x-api-key': apiKey },
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: LARGEST_MESSAGE_BYTES,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const stop = (): void => socket.terminate();
    signal.addEventListener('abort', stop, { once: true });
    socket.on('message', (data) => {
      if (!signal.aborted && read(textOf(data))) spoke = true;
    });
    // A failed handshake is followed by `close` as well.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(spoke);
    });
    if (signal.aborted) stop();
  });
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
