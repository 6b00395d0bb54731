import { asError } from './as-error.js';
import { silentLogger, type Logger, type LogMethod } from './logger.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/**
 * A merchant's logger, made harmless: a line that it cannot write (a worker thread that is gone, a full disk, a socket
 * that is closed) is lost, and nothing else. It never throws and never rejects. Methods keep their `this`, everything
 * else of the logger (`child`, other levels) is inherited, and what stands under `err` or `error` is readable.
 */
export function safeLogger(logger: Logger): Logger {
  // Recognised by whoever saves itself the work of a line that nobody reads.
  if (logger === silentLogger) return logger;
  const methods = LEVELS.map((level) => {
    const value = methodOf(logger, level);
    return [level, { value, writable: true, configurable: true, enumerable: true }] as const;
  });
  // It inherits the four methods' types from the logger, and the methods here are of the same.
  const safe: Logger = Object.create(logger, Object.fromEntries(methods));
  return safe;
}

function methodOf(logger: Logger, level: (typeof LEVELS)[number]): LogMethod {
  return (facts, message) => {
    try {
      // Asked for each time: pino exchanges its methods when its level changes.
      const result: unknown = logger[level](readable(facts), message);
      // An asynchronous logger may fail later: as below.
      if (isObject(result)) Promise.resolve(result).catch(() => undefined);
    } catch {
      // There is nowhere left to tell it.
    }
  };
}

/** Loggers read all of an error: one with a getter that throws would cost the line. */
function readable(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { err, error } = facts;
  if (!isObject(err) && !isObject(error)) return facts;
  return {
    ...facts,
    ...(isObject(err) ? { err: asError(err) } : undefined),
    ...(isObject(error) ? { error: asError(error) } : undefined),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
