import type { Context } from 'koa';
import getRawBody from 'raw-body';
import { secondsOf, UNITS, type SessionPeriod } from '../state/terms.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { ApiError, type FieldError } from './error-answers.js';

/** A query parameter's first value, or `undefined` where it is absent or empty. */
export function queryOf(context: Context, name: string): string | undefined {
  const value = context.query[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}

/** A path parameter, decoded; the router guarantees it. */
export function paramOf(
  context: { readonly params: Readonly<Record<string, string>> },
  name: string,
): string {
  return context.params[name] ?? '';
}

/** The largest body either side handles. */
const BODY_LIMIT = 1_048_576;

/** The request's body as a JSON object. Throws 400 for anything else, 413 over 1 MiB. */
export async function readJson(context: Context): Promise<JsonObject> {
  const value = parse(await readText(context));
  if (isObject(value)) return value;
  throw new ApiError(400, 'bad_request', 'the body must be a JSON object');
}

/** A form's fields, as a browser posts them; none where nothing was posted. Throws 413 over 1 MiB. */
export async function readForm(context: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(context));
}

/** The request's body as text. Throws 413 over 1 MiB, 400 where it breaks off. */
async function readText({ req }: Context): Promise<string> {
  try {
    return await getRawBody(req, { limit: BODY_LIMIT, encoding: 'utf-8' });
  } catch (cause) {
    // The rest is read and thrown away: a client that still sends would never look at the answer.
    req.resume();
    const tooLarge = Reflect.get(Object(cause), 'type') === 'entity.too.large';
    throw tooLarge
      ? new ApiError(413, 'request_too_large', 'the body is larger than 1 MiB')
      : new ApiError(400, 'bad_request', 'the body could not be read');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'bad_request', 'the body is not JSON');
  }
}

/** What a text may be. */
export interface TextRule {
  /** In characters: an emoji is one. */
  readonly min?: number;
  readonly max?: number;
  /** With `hint` saying in words what it wants. */
  readonly pattern?: RegExp;
  readonly hint?: string;
}

/** What a number may be. */
export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
  /** Greater than, not equal. */
  readonly above?: number;
}

/** What a length of time may be. */
export interface PeriodRule {
  /** Whether a value of 0 says that there is none, and needs no unit. */
  readonly orNone?: boolean;
  /** In seconds. */
  readonly shortest?: number;
  readonly longest?: number;
}

/** What a UUID may be. */
export const UUID: TextRule = {
  pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  hint: 'a UUID',
};

/** What v2 takes for the merchant's own ids. */
export const OWN_ID: TextRule = {
  pattern: /^[A-Za-z0-9._:@-]{1,100}$/,
  hint: '1 to 100 of A-Z a-z 0-9 . _ : @ -',
};

/** What v2 takes in names and descriptions. */
export const PLAIN: TextRule = {
  pattern: /^[^\p{Cc}<>{}[\]\\|;"~^`]*$/u,
  hint: 'without control characters and < > { } [ ] \\ | ; " ~ ^ `',
};

/** A text without line breaks. */
export const ONE_LINE: TextRule = { pattern: /^[^\p{Cc}\u2028\u2029]*$/u, hint: 'one line' };

const UNIT: TextRule = {
  pattern: new RegExp(`^(${UNITS.join('|')})$`),
  hint: `one of ${UNITS.join(', ')}`,
};

/** Reads the fields of a body one by one; what is wrong with them is gathered, not thrown. */
export interface Fields {
  readonly errors: readonly FieldError[];
  readonly reject: (field: string, message: string) => undefined;
  /** Says what is wrong with each of the fields that are not there. */
  readonly demand: (...names: readonly string[]) => void;
  readonly has: (field: string) => boolean;
  readonly text: (field: string, rule?: TextRule) => string | undefined;
  readonly number: (field: string, rule?: NumberRule) => number | undefined;
  readonly flag: (field: string) => boolean | undefined;
  /** An absolute http or https URL. */
  readonly url: (field: string) => string | undefined;
  readonly period: (field: string, rule?: PeriodRule) => SessionPeriod | undefined;
  /** A reader of the object in a field, whose fields are named with a dot; `shape` says what it should be. */
  readonly object: (field: string, shape: string) => Fields | undefined;
  /** A reader of each object in a list of at most `max`; `shape` says what each should be. */
  readonly list: (field: string, max: number, shape: string) => readonly Fields[];
  /** The value as it came. */
  readonly raw: (field: string) => unknown;
}

/** The longest text that no rule bounds, and the longest URL. */
const LONGEST = 2_048;

/** A reader of `body`. A field that is null counts as left out. */
export function readFields(body: JsonObject, prefix = '', errors: FieldError[] = []): Fields {
  const raw = (field: string): unknown =>
    Object.hasOwn(body, field) ? (body[field] ?? undefined) : undefined;
  const has = (field: string): boolean => raw(field) !== undefined;
  const reject = (field: string, message: string): undefined => {
    errors.push({ field: `${prefix}${field}`, message });
  };
  const check = <Value>(field: string, problem: string | undefined, value: Value) =>
    problem === undefined ? value : reject(field, problem);

  function text(field: string, rule: TextRule = {}): string | undefined {
    const value = raw(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return reject(field, 'must be a string');
    return check(field, problemOfText(value, rule), value);
  }
  function number(field: string, rule: NumberRule = {}): number | undefined {
    const value = raw(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') return reject(field, 'must be a number');
    return check(field, problemOfNumber(value, rule), value);
  }
  function flag(field: string): boolean | undefined {
    const value = raw(field);
    if (value === undefined || typeof value === 'boolean') return value;
    return reject(field, 'must be true or false');
  }
  function url(field: string): string | undefined {
    const value = text(field);
    if (value === undefined || isWebUrl(value)) return value;
    return reject(field, 'must be an absolute http or https URL');
  }
  function object(field: string, shape: string): Fields | undefined {
    const value = raw(field);
    if (value === undefined) return undefined;
    if (isObject(value)) return readFields(value, `${prefix}${field}.`, errors);
    return reject(field, `must be ${shape}`);
  }
  function list(field: string, max: number, shape: string): readonly Fields[] {
    const items = raw(field) ?? [];
    if (!Array.isArray(items) || items.length > max) {
      reject(field, `must be a list of up to ${max}`);
      return [];
    }
    const inner = readFields(Object.fromEntries(items.entries()), `${prefix}${field}.`, errors);
    return items.flatMap((item: unknown, index) => {
      if (item === null) inner.reject(String(index), `must be ${shape}`);
      return inner.object(String(index), shape) ?? [];
    });
  }
  function period(field: string, rule: PeriodRule = {}): SessionPeriod | undefined {
    const before = errors.length;
    const inner = object(field, '{ value, unit }');
    const value = inner?.number('value', { whole: true, min: rule.orNone === true ? 0 : 1 });
    if (inner === undefined || value === 0) return undefined;
    inner.demand('value', 'unit');
    const unit = inner.text('unit', UNIT);
    if (errors.length > before || value === undefined || unit === undefined) return undefined;
    const given = { value, unit };
    return check(field, problemOfPeriod(given, rule), given);
  }
  function demand(...names: readonly string[]): void {
    for (const name of names) if (!has(name)) reject(name, 'is required');
  }
  return { errors, reject, demand, has, text, number, flag, url, period, object, list, raw };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemOfText(value: string, rule: TextRule): string | undefined {
  const { min = 0, max = LONGEST, pattern, hint } = rule;
  const length = Array.from(value).length;
  if (length < min || length > max) return `must be ${min} to ${max} characters long`;
  return pattern === undefined || pattern.test(value) ? undefined : `must be ${hint}`;
}

function problemOfNumber(value: number, rule: NumberRule): string | undefined {
  const { min = -Infinity, max = Infinity, above = -Infinity, whole = false } = rule;
  if (whole && !Number.isSafeInteger(value)) return 'must be a whole number';
  if (value <= above) return `must be greater than ${above}`;
  if (value >= min && value <= max) return undefined;
  if (max === Infinity) return `must be at least ${min}`;
  return min === -Infinity ? `must be at most ${max}` : `must be from ${min} to ${max}`;
}

function problemOfPeriod(given: SessionPeriod, rule: PeriodRule): string | undefined {
  const { shortest = 0, longest = Infinity } = rule;
  const seconds = secondsOf(given);
  if (seconds < shortest) return `must be at least ${shortest} seconds long`;
  return seconds > longest ? `must be at most ${longest} seconds long` : undefined;
}

/** White space is what `URL` would forgive, and servers do not. */
function isWebUrl(value: string): boolean {
  if (/\s/.test(value) || !/^https?:\/\//i.test(value)) return false;
  return URL.canParse(value);
}
