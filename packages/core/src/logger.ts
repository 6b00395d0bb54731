/** One level of a logger: facts first, then a sentence, as pino takes them. */
export type LogMethod = (facts: Readonly<Record<string, unknown>>, message: string) => void;

/** What the kit writes to. A pino logger fits as it is; `console` does not (its arguments are the other way round). */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}

const silence: LogMethod = () => undefined;

/** The default: says nothing. */
export const silentLogger: Logger = {
  debug: silence,
  info: silence,
  warn: silence,
  error: silence,
};
