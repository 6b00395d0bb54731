import type { HandlerRegistry } from '../event/handlers.js';
import type { Logger } from '../logger.js';

/** Says once for each type that this process has no handler for it. */
export interface UnhandledWarning {
  check(type: string): void;
}

/** Types come from the sender: a bound, however few there are. */
const MOST_TYPES = 100;

/** Nothing was said yet. */
export function createUnhandledWarning(parts: {
  readonly registry: HandlerRegistry;
  readonly logger: Logger;
}): UnhandledWarning {
  const { registry, logger } = parts;
  const warned = new Set<string>();
  return {
    check(type) {
      if (registry.handles(type) || warned.has(type) || warned.size >= MOST_TYPES) return;
      warned.add(type);
      logger.warn(
        { code: 'type_unhandled', type },
        `a delivery of ${type} waits for a handler, and this process has none: another process may have one; after unhandledAfterMs it is done without`,
      );
    },
  };
}
