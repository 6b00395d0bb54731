import { silentLogger, type Logger, type LogMethod } from '@qbitflow/core';

/** A logger whose lines go to the store's own or, where it has none, to that of the kit that starts it. */
export interface LaterLogger extends Logger {
  /** The kit has started the store. */
  startedBy(kits: Logger): void;
}

/** Writes to `own` for good; without one to nobody until the store is started. */
export function laterLogger(own: Logger | undefined): LaterLogger {
  let target = own ?? silentLogger;
  const method =
    (level: keyof Logger): LogMethod =>
    (facts, message) => {
      target[level](facts, message);
    };
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    startedBy(kits) {
      target = own ?? kits;
    },
  };
}
