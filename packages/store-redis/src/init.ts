import type { DurableStore, Logger } from '@qbitflow/core';
import { takeOver } from './prepare.js';
import { probe } from './probe.js';
import type { Run } from './script/run.js';
import { warnOfLoss } from './warn-of-loss.js';

/** What `init` works with. */
export interface Initializing {
  readonly run: Run;
  /** What the server says of itself. */
  readonly info: () => Promise<unknown>;
  /** The store's own; without it the warnings go to that of whoever starts the store. */
  readonly logger: Logger | undefined;
}

/**
 * `init`: refuses a client or server that cannot do what is needed, takes over what an older version has left, and warns
 * of a server that forgets. What succeeded is not done again, except taking over.
 */
export function initializer({
  run,
  info,
  logger,
}: Initializing): NonNullable<DurableStore['init']> {
  let probed: Promise<void> | undefined;
  let warned: Promise<void> | undefined;

  async function probeOnce(): Promise<void> {
    probed ??= probe(run).catch((error: unknown) => {
      probed = undefined;
      throw error;
    });
    await probed;
  }

  return async (start) => {
    await probeOnce();
    await takeOver(run);
    const hears = logger ?? start?.logger;
    if (hears === undefined) return;
    warned ??= warnOfLoss(info, hears);
    await warned;
  };
}
