import type { Context, Middleware } from 'koa';
import getRawBody from 'raw-body';
import { secondsOf, UNITS, type SessionPeriod } from '../state/terms.js';
import type { JsonObject } from '../wire/canonical-json.js';
import { ApiError, type FieldError } from './error-answers.js';

/** Lets only requests with the right `X-API-Key` through; answers 401 otherwise. */
export function requireApiKey(apiKey: string): Middleware {
  return async (context, next) => {
    checkApiKey(apiKey, context.get('x-api-key'));
    await next();
  };
}

/** Throws 401 unless `given`, the header's value or nothing, is the key. */
export function checkApiKey(apiKey: string, given: string): void {
  if (given === '') throw new ApiError(401, 'unauthorized', 'the X-API-Key header is missing');
  if (given !== apiKey) throw new ApiError(401, 'unauthorized', 'the API key is not valid');
}

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
  const text = await readText(context);
  const value = parse(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new ApiError(400, 'validation_failed', 'the body must be a JSON object');
}

/** The request's body as text. Throws 413 over 1 MiB, 400 where it breaks off. */
export async function readText({ req }: Context): Promise<string> {
  try {
    return await getRawBody(req, { limit: BODY_LIMIT, encoding: 'utf-8' });
  } catch (cause) {
    const tooLarge = Reflect.get(Object(cause), 'type') === 'entity.too.large';
    throw tooLarge
      ? new ApiError(413, 'body_too_large', 'the body is larger than 1 MiB')
      : new ApiError(400, 'bad_request', 'the body could not be read');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 'validation_failed', 'the body is not JSON');
  }
}

/** What a text may be. */
export interface TextRule {
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

/** Reads the fields of a body one by one; what is wrong with them is gathered, not thrown. */
export interface Fields {
  readonly errors: readonly FieldError[];
  readonly reject: (field: string, message: string) => undefined;
  readonly has: (field: string) => boolean;
  readonly text: (field: string, rule?: TextRule) => string | undefined;
  readonly number: (field: string, rule?: NumberRule) => number | undefined;
  /** An absolute http or https URL. */
  readonly url: (field: string) => string | undefined;
  readonly period: (field: string, rule?: PeriodRule) => SessionPeriod | undefined;
}

/** A reader of `body`. A field that is null counts as left out. */
export function readFields(body: JsonObject, prefix = ''): Fields {
  const errors: FieldError[] = [];
  const reject = (field: string, message: string): undefined => {
    errors.push({ field: `${prefix}${field}`, message });
  };
  const has = (field: string): boolean => body[field] !== undefined && body[field] !== null;
  const check = <Value>(field: string, problem: string | undefined, value: Value) =>
    problem === undefined ? value : reject(field, problem);

  function text(field: string, rule: TextRule = {}): string | undefined {
    const value = body[field];
    if (!has(field)) return undefined;
    if (typeof value !== 'string') return reject(field, 'must be a string');
    return check(field, problemOfText(value, rule), value);
  }
  function number(field: string, rule: NumberRule = {}): number | undefined {
    const value = body[field];
    if (!has(field)) return undefined;
    if (typeof value !== 'number') return reject(field, 'must be a number');
    return check(field, problemOfNumber(value, rule), value);
  }
  function url(field: string): string | undefined {
    const value = text(field);
    if (value === undefined || isWebUrl(value)) return value;
    return reject(field, 'must be an absolute http or https URL');
  }
  function period(field: string, rule: PeriodRule = {}): SessionPeriod | undefined {
    const value = body[field];
    if (!has(field)) return undefined;
    if (typeof value !== 'object') return reject(field, 'must be { value, unit }');
    const inner = readFields({ ...value }, `${prefix}${field}.`);
    const amount = inner.number('value', { whole: true, min: rule.orNone === true ? 0 : 1 });
    if (amount === 0) return undefined;
    const unit = inner.text('unit');
    if (!inner.has('value')) inner.reject('value', 'is required');
    if (unit === undefined || !UNITS.includes(unit))
      inner.reject('unit', `must be one of ${UNITS.join(', ')}`);
    errors.push(...inner.errors);
    if (inner.errors.length > 0 || amount === undefined || unit === undefined) return undefined;
    const given = { value: amount, unit };
    return check(field, problemOfPeriod(given, rule), given);
  }
  return { errors, reject, has, text, number, url, period };
}

function problemOfText(value: string, rule: TextRule): string | undefined {
  const { min = 0, max = 2_048, pattern, hint } = rule;
  if (value.length < min || value.length > max) return `must be ${min} to ${max} characters long`;
  return pattern === undefined || pattern.test(value) ? undefined : `must be ${hint}`;
}

function problemOfNumber(value: number, rule: NumberRule): string | undefined {
  const { min = -Infinity, max = Infinity, above = -Infinity, whole = false } = rule;
  if (whole && !Number.isInteger(value)) return 'must be a whole number';
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

function isWebUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}
