import { asError } from './as-error.js';
import { logLine } from './log-line.js';

/** One level of a logger: facts first, then a sentence, as pino takes them. */
export type LogMethod = (facts: Readonly<Record<string, unknown>>, message: string) => void;

/**
 * What the kit writes to. Loggers of pino and bunyan fit as they are. `console` fits too: it gets one line of text for
 * each message, free of control characters, and its `debug` tells of every step of every delivery
 * (`{ ...console, debug() {} }` does without). A winston logger with the four levels gets the sentence first, then the
 * facts with their errors as plain objects.
 */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

/** Says nothing; known for it, so that no line is prepared that goes nowhere. */
export const silence: LogMethod = () => undefined;

/**
 * Says nothing at all; `logger: false` is the same.
 * @example
 * ```js
 * import { createQBitFlow, silentLogger } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow({ logger: { ...silentLogger, error: (facts, message) => console.error(message) } });
 * ```
 */
export const silentLogger: Logger = {
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
};

/** Takes one line of text, without its line end. */
export type WriteLine = (line: string) => void;

const ignore = (): void => undefined;

/**
 * The process's stderr or, where there is none (edge runtimes), `console.error`. A reader that went away costs the
 * line: without a listener such an error would end the process.
 */
export const writeToStderr: WriteLine = (line) => {
  const stderr = stderrOfProcess();
  if (stderr === undefined) {
    // oxlint-disable-next-line no-console -- the only output that every runtime has
    console.error(line);
    return;
  }
  // As Node's console does it: a listener for what fails at once, and one for what fails later.
  stderr.once('error', ignore);
  stderr.write(`${line}\n`, (error) => {
    if (error && stderr.listenerCount('error') === 0) stderr.once('error', ignore);
  });
  stderr.removeListener('error', ignore);
};

function stderrOfProcess(): NodeJS.WriteStream | undefined {
  try {
    const { stderr } = process;
    return typeof stderr.write === 'function' && typeof stderr.once === 'function'
      ? stderr
      : undefined;
  } catch {
    // No `process`, or one whose output is closed or only pretended.
    return undefined;
  }
}

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
  // Recognised, to save the work of a line that is not read.
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
