import type { TransactionReference } from '../api/transaction-ids.js';
import { sleep, type Clock } from '../clock.js';
import { isFinal } from './is-final.js';
import type { Asker, StatusAnswer, StatusQueries } from './queries.js';

/** What one watcher needs. */
export interface UpstreamOptions {
  readonly reference: TransactionReference;
  /** In whose name the API is asked. */
  readonly asker: Asker;
  readonly queries: StatusQueries;
  readonly clock: Clock;
  /** In [0, 1): what was begun together shall not go on together. */
  readonly random: () => number;
  /** Told of every answer. */
  readonly onAnswer: (answer: StatusAnswer) => void;
  /** Follows the live channel until it closes; resolves with whether it was of any use. Absent on v2. */
  readonly follow: ((signal: AbortSignal) => Promise<boolean>) | undefined;
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

/** Watches until the status is final or `stop` is called. */
export function watchUpstream(options: UpstreamOptions): Upstream {
  const { clock, random, queries, reference, asker, onAnswer, follow } = options;
  const stopping = new AbortController();
  let waking = new AbortController();
  let channelIsOpen = false;
  let isFollowing = false;
  let waitMs = FIRST_WAIT_MS;
  let last = '';

  function take(answer: StatusAnswer): void {
    if (stopping.signal.aborted) return;
    const seen = JSON.stringify([answer.kind, answer.kind === 'report' && answer.report]);
    if (seen !== last) waitMs = FIRST_WAIT_MS;
    last = seen;
    if (isFinal(answer)) stopping.abort();
    // Not before the API knows of it: channels to what somebody made up would be calls without a bound.
    else if (answer.kind === 'report' && follow !== undefined) void channel(follow);
    onAnswer(answer);
  }

  /** Between half of `ms` and all of it. */
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
      take(answer);
      const askedMs = answer.kind === 'unknown' ? 0 : (answer.retryAfterMs ?? 0);
      const pauseMs = jittered(channelIsOpen ? WAIT_BESIDE_CHANNEL_MS : waitMs);
      waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS);
      await sleep(clock, Math.max(pauseMs, askedMs), waking.signal);
    }
  }

  async function channel(open: NonNullable<typeof follow>): Promise<void> {
    if (isFollowing) return;
    isFollowing = true;
    let failures = 0;
    let waitForChannelMs = FIRST_WAIT_MS;
    while (!stopping.signal.aborted && failures < MOST_CHANNEL_FAILURES) {
      channelIsOpen = true;
      const openedAt = clock.now();
      const wasOfUse = await open(stopping.signal);
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
