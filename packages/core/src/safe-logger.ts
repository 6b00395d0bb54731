import { asError } from './as-error.js';
import { logLine } from './log-line.js';
import { silentLogger, type Logger, type LogMethod } from './logger.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

type Level = (typeof LEVELS)[number];
type Facts = Readonly<Record<string, unknown>>;

/**
 * A merchant's logger, made harmless: a line that it cannot write (a worker thread that is gone, a full disk, a socket
 * that is closed) is lost, and nothing else. It never throws and never rejects. Methods keep their `this`, everything
 * else of the logger (`child`, other levels) is inherited, and what stands under `err` or `error` is readable.
 * `console` and winston get what they can show (see {@link Logger}).
 */
export function safeLogger(logger: Logger): Logger {
  // Recognised by whoever saves itself the work of a line that nobody reads.
  if (logger === silentLogger) return logger;
  const argumentsFor = argumentsOf(logger);
  const methods = LEVELS.map((level) => {
    const value = methodOf(logger, level, argumentsFor);
    return [level, { value, writable: true, configurable: true, enumerable: true }] as const;
  });
  // It inherits the four methods' types from the logger, and the methods here are of the same.
  const safe: Logger = Object.create(logger, Object.fromEntries(methods));
  return safe;
}

type ArgumentsFor = (level: Level, facts: Facts, message: string) => readonly unknown[];

function methodOf(logger: Logger, level: Level, argumentsFor: ArgumentsFor): LogMethod {
  return (facts, message) => {
    try {
      // Asked for each time: pino exchanges its methods when its level changes.
      const method: LogMethod = logger[level];
      const result: unknown = Reflect.apply(method, logger, argumentsFor(level, facts, message));
      // An asynchronous logger may fail later: as below.
      if (isObject(result)) Promise.resolve(result).catch(() => undefined);
    } catch {
      // There is nowhere left to tell it.
    }
  };
}

function argumentsOf(logger: Logger): ArgumentsFor {
  // It would print the facts over many lines, and whatever the message holds as it is.
  if (hasMethods(logger, 'log', 'table', 'groupEnd'))
    return (level, facts, message) => [logLine(level, facts, message)];
  // It would take the facts for the message, and errors among them come out as `{}`.
  if (hasMethods(logger, 'log', 'configure', 'add') && 'transports' in logger)
    return (_level, facts, message) => [message, plain(facts)];
  return (_level, facts, message) => [readable(facts), message];
}

function hasMethods(logger: object, ...names: readonly string[]): boolean {
  return names.every((name) => typeof Reflect.get(logger, name) === 'function');
}

/** Loggers read all of an error: one with a getter that throws would cost the line. */
function readable(facts: Facts): Facts {
  const { err, error } = facts;
  if (!isObject(err) && !isObject(error)) return facts;
  return {
    ...facts,
    ...(isObject(err) ? { err: asError(err) } : undefined),
    ...(isObject(error) ? { error: asError(error) } : undefined),
  };
}

function plain(facts: Facts): Facts {
  const { err, error } = facts;
  return {
    ...facts,
    ...(isObject(err) ? { err: plainError(asError(err)) } : undefined),
    ...(isObject(error) ? { error: plainError(asError(error)) } : undefined),
  };
}

function plainError(error: Error): Facts {
  const { name, message, stack, cause } = error;
  const code: unknown = Reflect.get(error, 'code');
  return {
    name,
    message,
    ...(typeof code === 'string' ? { code } : undefined),
    stack,
    ...(isObject(cause) ? { cause: plainError(asError(cause)) } : undefined),
  };
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
