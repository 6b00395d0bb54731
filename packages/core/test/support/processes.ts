import {
  createQBitFlow,
  memoryStore,
  type DurableStore,
  type HandlerOptions,
  type QBitFlow,
} from '@qbitflow/core';
import { fakeClock, type FakeClock } from '@qbitflow/core/testing';
import { onTestFinished } from 'vitest';
import { collectingLogger, type CollectingLogger } from './collecting-logger.js';
import { SECRET } from './shop.js';

/** One process of several that share a store. */
export interface WorkerProcess {
  readonly kit: QBitFlow;
  readonly logger: CollectingLogger;
  readonly errors: Error[];
  /** As SIGKILL: from now on nothing it says reaches the store. */
  readonly kill: () => void;
}

export interface Machine {
  readonly clock: FakeClock;
  readonly store: DurableStore;
  /** A process whose handlers `setUp` registers, started. */
  readonly boot: (
    setUp: (kit: QBitFlow, kill: () => void) => void,
    handlers?: HandlerOptions,
  ) => Promise<WorkerProcess>;
}

/** A store that outlives its processes, and the clock they all go by. */
export function openMachine(): Machine {
  const clock = fakeClock();
  const store = memoryStore({ clock });
  return {
    clock,
    store,
    async boot(setUp, handlers = {}) {
      const wire = { cut: false };
      const logger = collectingLogger();
      const errors: Error[] = [];
      const kit = createQBitFlow({
        webhookSecret: SECRET,
        clock,
        logger,
        random: () => 1,
        handlers,
        store: overWire(store, wire),
      });
      kit.onError((error) => errors.push(error));
      const kill = () => {
        wire.cut = true;
      };
      setUp(kit, kill);
      await kit.start();
      onTestFinished(async () => {
        if (wire.cut) return;
        const closing = kit.close();
        await clock.advance(60_000);
        await closing;
      });
      return { kit, logger, errors, kill };
    },
  };
}

function overWire(store: DurableStore, wire: { cut: boolean }): DurableStore {
  const never = async () => new Promise<never>(() => undefined);
  return {
    ...store,
    takeDue: async (options) => (wire.cut ? never() : store.takeDue(options)),
    extend: async (claim, options) => (wire.cut ? never() : store.extend(claim, options)),
    complete: async (claim, progress) => (wire.cut ? never() : store.complete(claim, progress)),
    retry: async (claim, options) => (wire.cut ? never() : store.retry(claim, options)),
    bury: async (claim, options) => (wire.cut ? never() : store.bury(claim, options)),
  };
}

/** A handler that ends when it is told to. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export const never = async (): Promise<never> => new Promise<never>(() => undefined);
