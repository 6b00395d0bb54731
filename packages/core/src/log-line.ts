import { asError, cut } from './as-error.js';
import { isQBitFlowError } from './errors.js';
import type { Logger } from './logger.js';

/** A line of a log, in characters: more does not help. */
const LONGEST_LINE = 2_000;
/** What the facts behind it are not lost for. */
const LONGEST_MESSAGE = 1_000;
const LONGEST_CAUSE = 500;
const LONGEST_FACT = 300;
const DEEPEST_CAUSE = 3;

/** What ends a line, moves a terminal's cursor, is invisible, or turns the reading direction. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * A message and its facts as one line that a person can read. Whatever stands in them, it stays one line and does
 * nothing to a terminal: messages carry what senders and servers wrote.
 */
export function logLine(
  level: keyof Logger,
  { code, err, error, docs, ...facts }: Readonly<Record<string, unknown>>,
  message: string,
): string {
  const head = typeof code === 'string' ? `${level} ${code}` : level;
  const said = cut(message, LONGEST_MESSAGE);
  const cause = causeOf(err ?? error, message);
  const rest = Object.entries(facts).flatMap(([name, value]) => factOf(name, value));
  const tail = rest.length === 0 ? '' : ` (${rest.join(', ')})`;
  const see = typeof docs === 'string' ? ` see ${docs}` : '';
  return cut(`[qbitflow] ${printable(`${head}: ${said}${cause}${tail}${see}`)}`, LONGEST_LINE);
}

function printable(text: string): string {
  return text.replaceAll(
    UNPRINTABLE,
    (character) =>
      ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function factOf(name: string, value: unknown): readonly string[] {
  if (typeof value === 'string') return [`${name}: ${cut(value, LONGEST_FACT)}`];
  if (typeof value === 'number' || typeof value === 'boolean') return [`${name}: ${value}`];
  return [];
}

/** What the message does not say of the error: its own words, its causes, and where it was thrown. */
function causeOf(thrown: unknown, message: string): string {
  if (thrown === undefined || thrown === null) return '';
  const error = asError(thrown);
  const said = [message];
  let text = '';
  let link: Error | undefined = error;
  for (let depth = 0; link !== undefined && depth <= DEEPEST_CAUSE; depth += 1) {
    const words = wordsOf(link);
    if (!said.some((one) => one.includes(words))) text += `: ${cut(words, LONGEST_CAUSE)}`;
    said.push(words);
    const cause: unknown = link.cause;
    link = cause === undefined || cause === null ? undefined : asError(cause);
  }
  return isQBitFlowError(error) ? text : text + placeOf(error);
}

/** A driver's errors may have a code and no message (`AggregateError` of a refused connection). */
function wordsOf(error: Error): string {
  if (error.message !== '') return error.message;
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}

const OF_NODE_OR_LIBRARY = /node:|node_modules/;
/** Made of what was thrown and is none itself: where that was is unknown. */
const OF_NO_ERROR = /\bas-error\.[jt]s/;

function placeOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const frame = frames.find((line) => !OF_NODE_OR_LIBRARY.test(line)) ?? frames[0];
  return frame === undefined || OF_NO_ERROR.test(frame) ? '' : ` ${frame.trim()}`;
}
