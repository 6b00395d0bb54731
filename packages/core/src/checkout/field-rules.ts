import { z } from 'zod';
import { isQBitFlowError } from '../errors.js';
import { encodeId } from '../api/transaction-reference.js';
import { canonicalPrice } from './amounts.js';

/** What v2 takes in no name and no description; also half characters, which no server can read. */
const UNTAKEN = /[\p{Cc}\p{Cs}<>{}[\]\\|;"~^`]/u;
const GRAMMAR = /^[A-Za-z0-9._:@-]{1,100}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LINE_BREAK = /[\p{Cc}\u2028\u2029]/u;

/** Any text that is not empty. */
export const name = z.string('must be a text').min(1, 'must not be empty: leave it out');

/** A text of so many characters; an emoji is one. */
export function words(min: number, max: number): z.ZodType<string> {
  return z.string('must be a text').refine((text) => {
    const { length } = Array.from(text);
    return length >= min && length <= max;
  }, `must be ${min} to ${max} characters long: shorten it, or leave it out where it is optional`);
}

/** A text of so many characters, of those only that v2 takes in names and descriptions. */
export function plainWords(min: number, max: number): z.ZodType<string> {
  return words(min, max).refine(
    (text) => !UNTAKEN.test(text),
    'holds a line break, another control character or one of < > { } [ ] \\ | ; " ~ ^ `, which QBitFlow does not take: write it without',
  );
}

/** A text of so many characters on one line. */
export function oneLine(min: number, max: number): z.ZodType<string> {
  return words(min, max).refine(
    (text) => !LINE_BREAK.test(text),
    'must be one line: write it without line breaks and other control characters',
  );
}

/** An id of the merchant's, as v2 takes it. */
export const ownId = z
  .string('must be a text')
  .regex(
    GRAMMAR,
    'must be 1 to 100 of A-Z a-z 0-9 . _ : @ -, without spaces or accents: an order number or a UUID will do',
  );

/** An id of QBitFlow's; `own` is the field for the merchant's. */
export function uuid(own: string): z.ZodType<string> {
  return z
    .string('must be a text')
    .regex(UUID, `must be a UUID as QBitFlow gave it: an id of your own goes into ${own}`);
}

/** The id of a session. */
export const sessionId = z
  .string('must be a text: the uuid of a session')
  .refine(canBeAsked, 'must be the uuid of a session exactly as QBitFlow gave it (pay@…, sub@…)');

function canBeAsked(text: string): boolean {
  try {
    return encodeId(text) !== '';
  } catch (error) {
    if (isQBitFlowError(error)) return false;
    throw error;
  }
}

/** A whole number in a range. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  const error = `must be a whole number, ${range}`;
  return z.number(error).refine(
    (value) => Number.isSafeInteger(value) && value >= min && value <= max,
    // What is judged by such a number is not judged by a wrong one.
    { error, abort: true },
  );
}

/** A price in USD, as canonical as it is charged. */
export const price = z
  .number('must be a number of USD, e.g. 4.5')
  .positive('must be more than 0')
  .transform(canonicalPrice)
  .refine((usd) => usd > 0, 'must be at least 0.000001 USD: no coin pays less');
