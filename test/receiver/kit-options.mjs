import { stderrLogger } from './logger.mjs';

/** The receiver's arguments as the kit's options; what was not given keeps the kit's default. */
export function toKitOptions(given) {
  const { processing, beforeReply, recordTimeout, backoff, lease, grace, journal } = given;
  return {
    // Suites send the money of a sandbox, and their own.
    mode: 'both',
    processing,
    beforeReplyMs: beforeReply,
    recordTimeoutMs: recordTimeout,
    logger: journal ? stderrLogger : undefined,
    handlers: {
      minBackoffMs: backoff,
      maxBackoffMs: backoff,
      leaseMs: lease,
      graceMs: grace,
      maxUnfinishedStarts: given.unfinishedStarts,
    },
  };
}
