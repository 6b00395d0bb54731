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

/** Says nothing; known for it, so that nobody prepares a line that goes nowhere. */
export const silence: LogMethod = () => undefined;

/** Says nothing at all; `logger: false` is the same. */
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
