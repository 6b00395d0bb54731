import { detached } from '../async-context.js';
import { inBackground, outagePause, sleep, withTimeout } from '../clock.js';
import { isQBitFlowError, QBitFlowError } from '../errors.js';
import type { Runtime } from '../runtime.js';

/** Opens the store and begins to process, however often that takes. */
export interface StoreOpening {
  readonly isOpen: boolean;
  /**
   * Tries until the store is open or `close()` is called, and resolves then. Rejects at once where trying again may not
   * help (`misconfigured`), and still tries on; with `failFast` it rejects for any failure and gives up. Nothing has to
   * await it: it never ends the process.
   */
  start(): Promise<void>;
  /** One attempt at most, the one under way if there is one: for deliveries, which do not wait for long. */
  opened(): Promise<void>;
  close(): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A store that does not answer at all is asked again after this, in ms. A first start may have to build an index. */
const PATIENCE_MS = 60_000;
/** So often is a failure reported again that goes on, in ms. */
const REPORT_EVERY_MS = 60_000;

/** Not open yet, and not trying. `open` prepares the store and begins to process. */
export function createStoreOpening(runtime: Runtime, open: () => Promise<void>): StoreOpening {
  const { clock, random, diagnostics, errors } = runtime;
  const { failFast } = runtime.settings;
  const { name } = runtime.store;
  const over = new AbortController();
  const waiting = new Set<Waiting>();
  let isTrying = false;
  let failures = 0;
  let reportedAt = -Infinity;
  let attempt: Promise<void> | undefined;

  async function openInTime(): Promise<void> {
    await withTimeout({ clock, timeoutMs: PATIENCE_MS, late: () => hangs(name) }, open);
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
    // close() came first: what was opened is closed again by whoever called it.
    if (over.signal.aborted) return;
    if (failures > 0) diagnostics.log('store_opened', { store: name, failures });
    opening.isOpen = true;
    end();
  }

  function failed(error: unknown): never {
    failures += 1;
    if (!over.signal.aborted && clock.now() - reportedAt >= REPORT_EVERY_MS) {
      reportedAt = clock.now();
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
    if (isTrying) return;
    isTrying = true;
    while (!over.signal.aborted) {
      // It is reported where it fails.
      await tryOnce().catch(() => undefined);
      if (failFast) break;
      const pauseMs = outagePause(failures, random);
      await sleep(waiting.size > 0 ? clock : inBackground(clock), pauseMs, over.signal);
    }
    isTrying = false;
  }

  // A field and no getter: it is read for every delivery.
  const opening = {
    isOpen: false,
    start(): Promise<void> {
      const started = new Promise<void>((resolve, reject) => {
        if (over.signal.aborted) resolve();
        else waiting.add({ resolve, reject });
      });
      // `app.listen(3000, () => qbitflow.start())`: a store that is away must not end the shop.
      started.catch(() => undefined);
      if (isTrying && !opening.isOpen) tryOnce().catch(() => undefined);
      // It goes on for as long as the store is away.
      else void detached(keepTrying);
      return started;
    },
    async opened(): Promise<void> {
      if (opening.isOpen) return;
      if (over.signal.aborted) throw closed(name);
      await tryOnce();
    },
    close: end,
  };
  return opening;
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
