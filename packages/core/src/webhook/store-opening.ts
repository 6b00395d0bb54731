import { detached } from '../async-context.js';
import { inBackground, sleep, type Clock, within, backoffDelay } from '../clock.js';
import type { ErrorReporter } from '../error-reporter.js';
import { isQBitFlowError, QBitFlowError } from '../errors.js';
import type { Logger } from '../logger.js';

/** Opens the store and begins to process, however often that takes. */
export interface Opening {
  readonly isOpen: boolean;
  /**
   * Tries until the store is open or `close()` is called, and resolves then. Rejects at once where trying again may not
   * help (`misconfigured`), and still tries on; with `failFast` it rejects for any failure and gives up. Nobody needs
   * to listen to the promise: it never ends the process.
   */
  start(): Promise<void>;
  /** One attempt at most, the one under way if there is one: for deliveries, which do not wait for long. */
  opened(): Promise<void>;
  close(): void;
}

/** What an opening works with. */
export interface OpeningParts {
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly errors: ErrorReporter;
  readonly failFast: boolean;
  /** The store's name. */
  readonly name: string;
  /** Prepares the store and begins to process. */
  readonly open: () => Promise<void>;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A store that does not answer at all is asked again after this, in ms. A first start may have to build an index. */
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 30_000;
/** So often is a failure told again that goes on, in ms. */
const TELL_EVERY_MS = 60_000;

/** Not open yet, and not trying. */
export function createOpening(parts: OpeningParts): Opening {
  const { clock, random, logger, errors, failFast, name, open } = parts;
  const over = new AbortController();
  const waiting = new Set<Waiting>();
  const state = { isOpen: false, isTrying: false, failures: 0, toldAt: -Infinity };
  let attempt: Promise<void> | undefined;

  async function openInTime(): Promise<void> {
    await within({ clock, timeoutMs: PATIENCE_MS, late: () => hangs(name) }, open);
  }

  async function tryOnce(): Promise<void> {
    attempt ??= detached(openInTime)
      .then(succeeded, failed)
      .finally(() => {
        attempt = undefined;
      });
    return attempt;
  }

  function succeeded(): void {
    const { failures } = state;
    // close() came first: what was opened is closed again by whoever called it.
    if (over.signal.aborted) return;
    if (failures > 0)
      logger.info({ code: 'store_opened', store: name, failures }, 'the store is open now');
    state.isOpen = true;
    end();
  }

  function failed(error: unknown): never {
    state.failures += 1;
    if (!over.signal.aborted && clock.now() - state.toldAt >= TELL_EVERY_MS) {
      state.toldAt = clock.now();
      errors.report(error, { stage: 'store' });
    }
    if (failFast || isMisconfigured(error)) letGo(({ reject }) => reject(error));
    throw error;
  }

  function letGo(how: (one: Waiting) => void): void {
    for (const one of waiting) how(one);
    waiting.clear();
  }

  function end(): void {
    over.abort();
    letGo(({ resolve }) => resolve());
  }

  async function keepTrying(): Promise<void> {
    if (state.isTrying) return;
    state.isTrying = true;
    while (!over.signal.aborted) {
      // It is told where it fails.
      await tryOnce().catch(() => undefined);
      if (failFast) break;
      const bounds = { minBackoffMs: 500, maxBackoffMs: LONGEST_PAUSE_MS };
      const pauseMs = 100 + backoffDelay(Math.max(1, state.failures), bounds, random);
      await sleep(waiting.size > 0 ? clock : inBackground(clock), pauseMs, over.signal);
    }
    state.isTrying = false;
  }

  return {
    get isOpen() {
      return state.isOpen;
    },
    start() {
      const started = new Promise<void>((resolve, reject) => {
        if (over.signal.aborted) resolve();
        else waiting.add({ resolve, reject });
      });
      // `app.listen(3000, () => qbitflow.start())`: a store that is away must not end the shop.
      started.catch(() => undefined);
      if (state.isTrying && !state.isOpen) tryOnce().catch(() => undefined);
      // It goes on for as long as the store is away.
      else void detached(keepTrying);
      return started;
    },
    async opened() {
      if (state.isOpen) return;
      if (over.signal.aborted) throw closed(name);
      await tryOnce();
    },
    close: end,
  };
}

function isMisconfigured(error: unknown): boolean {
  return isQBitFlowError(error) && error.code === 'misconfigured';
}

function hangs(name: string): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `the ${name} store was not ready within ${PATIENCE_MS} ms: is it running and reachable? It is tried again`,
    { facts: { store: name } },
  );
}

function closed(name: string): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    `this process is shutting down and never opened the ${name} store: the sender was asked to come again`,
    { facts: { store: name } },
  );
}
