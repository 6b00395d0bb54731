import type { SessionPeriod } from '../state/session.js';
import type { JsonObject } from '../wire/cast.js';
import { secondsOf, UNITS } from '../wire/period.js';
import type { FieldError } from './api-error.js';

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
  readonly refuse: (field: string, message: string) => undefined;
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
  const refuse = (field: string, message: string): undefined => {
    errors.push({ field: `${prefix}${field}`, message });
  };
  const has = (field: string): boolean => body[field] !== undefined && body[field] !== null;
  const check = <Value>(field: string, problem: string | undefined, value: Value) =>
    problem === undefined ? value : refuse(field, problem);

  function text(field: string, rule: TextRule = {}): string | undefined {
    const value = body[field];
    if (!has(field)) return undefined;
    if (typeof value !== 'string') return refuse(field, 'must be a string');
    return check(field, problemOfText(value, rule), value);
  }
  function number(field: string, rule: NumberRule = {}): number | undefined {
    const value = body[field];
    if (!has(field)) return undefined;
    if (typeof value !== 'number') return refuse(field, 'must be a number');
    return check(field, problemOfNumber(value, rule), value);
  }
  function url(field: string): string | undefined {
    const value = text(field);
    if (value === undefined || isWebUrl(value)) return value;
    return refuse(field, 'must be an absolute http or https URL');
  }
  function period(field: string, rule: PeriodRule = {}): SessionPeriod | undefined {
    const value = body[field];
    if (!has(field)) return undefined;
    if (typeof value !== 'object') return refuse(field, 'must be { value, unit }');
    const inner = readFields({ ...value }, `${prefix}${field}.`);
    const amount = inner.number('value', { whole: true, min: rule.orNone === true ? 0 : 1 });
    if (amount === 0) return undefined;
    const unit = inner.text('unit');
    if (!inner.has('value')) inner.refuse('value', 'is required');
    if (unit === undefined || !UNITS.includes(unit))
      inner.refuse('unit', `must be one of ${UNITS.join(', ')}`);
    errors.push(...inner.errors);
    if (inner.errors.length > 0 || amount === undefined || unit === undefined) return undefined;
    const given = { value: amount, unit };
    return check(field, problemOfPeriod(given, rule), given);
  }
  return { errors, refuse, has, text, number, url, period };
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
