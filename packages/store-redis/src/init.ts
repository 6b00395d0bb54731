import type { Logger } from '@qbitflow/core';
import { takeOver } from './prepare.js';
import { probe } from './probe.js';
import type { Run } from './script/run.js';
import { warnOfLoss } from './warn-of-loss.js';

/** What `init` works with. */
export interface Initializing {
  readonly run: Run;
  /** What the server says of itself. */
  readonly info: () => Promise<unknown>;
  readonly logger: Logger;
}

/**
 * `init`: refuses a client or server that cannot do what is needed, takes over what an older version has left, and warns
 * of a server that forgets. What succeeded is not done again, except taking over.
 */
export function initializer({ run, info, logger }: Initializing): () => Promise<void> {
  let probed: Promise<void> | undefined;
  let warned: Promise<void> | undefined;

  async function probeOnce(): Promise<void> {
    probed ??= probe(run).catch((error: unknown) => {
      probed = undefined;
      throw error;
    });
    await probed;
  }

  return async () => {
    await probeOnce();
    await takeOver(run);
    warned ??= warnOfLoss(info, logger);
    await warned;
  };
}
