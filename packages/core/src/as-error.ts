import { isNativeError } from 'node:util/types';

/** Messages and reasons are kept in stores and logs: more characters do not help. */
export const LONGEST_TEXT = 2_000;
const LONGEST_STACK = 10_000;
const DEEPEST_CAUSE = 10;
const MOST_ERRORS = 10;

/** At most `length` characters of a text, never half of a surrogate pair. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/**
 * Any thrown value as an `Error` whose name, message, stack and causes are texts of bounded length. Never throws, and
 * leaves alone what is such an error already. Handlers, stores and clients throw strings, objects without a prototype,
 * errors with a symbol for a message, with 20 MB of it, or whose getters throw.
 */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? asBounded(thrown, DEEPEST_CAUSE, new Set()) : wrapped(thrown);
}

/** Any value as a text of bounded length: an error's message, else what it is. Never throws. */
export function asText(value: unknown): string {
  return isError(value) ? asError(value).message : describe(value).text;
}

/** How far up an error's classes may reach: a Proxy can have prototypes without end. */
const MOST_PROTOTYPES = 50;

/** Knows those of other realms too, which `instanceof` does not, and whatever inherits from one. Never throws. */
function isError(value: unknown): value is Error {
  try {
    let link: unknown = value;
    for (let depth = 0; isObject(link) && depth < MOST_PROTOTYPES; depth += 1) {
      if (isNativeError(link) || isErrorPrototype(link)) return true;
      link = Object.getPrototypeOf(link);
    }
  } catch {
    // A revoked Proxy, or one that lies and fails at it.
  }
  return false;
}

/** Some realm's `Error.prototype`: what errors that no constructor of it has made inherit from (`DOMException`). */
function isErrorPrototype(value: object): boolean {
  if (!Object.hasOwn(value, 'name') || !Object.hasOwn(value, 'toString')) return false;
  return Reflect.get(value, 'name') === 'Error' && Reflect.get(value, 'message') === '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function asBounded(error: Error, depth: number, seen: Set<unknown>): Error {
  seen.add(error);
  const cause = boundedCause(read(error, 'cause'), depth, seen);
  const { value: message, intact: hasMessage } = textOf(error, 'message', LONGEST_TEXT);
  const { value: stack, intact: hasStack } = textOf(error, 'stack', LONGEST_STACK);
  const { value: name, intact: hasName } = textOf(error, 'name', LONGEST_TEXT);
  const errors = boundedErrors(read(error, 'errors'), depth, seen);
  if (hasMessage && hasName && hasStack && cause.intact && errors.intact) return error;
  return replacing(error, {
    message: message ?? 'an error whose message cannot be read',
    stack: stack ?? '',
    name: name ?? 'Error',
    cause: cause.value,
    errors: errors.value,
  });
}

interface Part<T> {
  readonly value: T | undefined;
  /** Whether it can stay as it is. */
  readonly intact: boolean;
}

function textOf(error: Error, field: 'message' | 'stack' | 'name', most: number): Part<string> {
  const { value, intact } = read(error, field);
  // An error without a stack is none the worse for it.
  if (field === 'stack' && intact && value === undefined) return { value: '', intact: true };
  if (!intact || typeof value !== 'string') return { value: undefined, intact: false };
  return { value: cut(value, most), intact: value.length <= most };
}

function read(error: Error, field: string): Part<unknown> {
  try {
    return { value: Reflect.get(error, field), intact: true };
  } catch {
    return { value: undefined, intact: false };
  }
}

/** Those of an `AggregateError`. */
function boundedErrors(
  { value, intact }: Part<unknown>,
  depth: number,
  seen: Set<unknown>,
): Part<unknown> {
  if (!intact) return { value: undefined, intact: false };
  if (!Array.isArray(value)) return { value, intact: true };
  const members = value.slice(0, MOST_ERRORS).map((member: unknown) => {
    const part = { value: member, intact: true };
    return boundedCause(part, depth, seen);
  });
  const isIntact = value.length <= MOST_ERRORS && members.every((member) => member.intact);
  return { value: isIntact ? value : members.map((member) => member.value), intact: isIntact };
}

/** Loggers walk along the causes: a circle, a chain without end or one bad link must not get there. */
function boundedCause(
  { value, intact }: Part<unknown>,
  depth: number,
  seen: Set<unknown>,
): Part<unknown> {
  if (!intact) return { value: undefined, intact: false };
  if (isError(value)) {
    if (depth === 0 || seen.has(value)) return { value: undefined, intact: false };
    const bounded = asBounded(value, depth - 1, seen);
    return { value: bounded, intact: bounded === value };
  }
  const told = describe(value);
  return told.keep ? { value, intact: true } : { value: told.text, intact: false };
}

/**
 * Stands in for an error without touching it: its class, code and facts are inherited, so that `instanceof`, the
 * kit's brand and a driver's `code` still tell what it is.
 */
function replacing(error: Error, fields: Readonly<Record<string, unknown>>): Error {
  const descriptors = Object.entries(fields).map(([name, value]) => [
    name,
    { value, configurable: true, enumerable: false, writable: true },
  ]);
  const stand: unknown = Object.create(error, Object.fromEntries(descriptors));
  return isError(stand) ? stand : new Error(String(fields['message']));
}

function wrapped(thrown: unknown): Error {
  const { text, keep } = describe(thrown);
  const message = `a value that is not an Error was thrown: ${text}`;
  return keep ? new Error(message, { cause: thrown }) : new Error(message);
}

/** A value in words, and whether it is harmless enough to be kept beside them. */
function describe(value: unknown): { readonly text: string; readonly keep: boolean } {
  if (typeof value === 'string')
    return { text: cut(value, LONGEST_TEXT), keep: value.length <= LONGEST_TEXT };
  if (typeof value === 'function') return { text: 'function', keep: false };
  if (typeof value === 'bigint' || typeof value === 'symbol')
    return { text: typeof value, keep: true };
  if (typeof value !== 'object' || value === null) return { text: String(value), keep: true };
  try {
    const text = JSON.stringify(value) ?? typeof value;
    return { text: cut(text, LONGEST_TEXT), keep: text.length <= LONGEST_TEXT };
  } catch {
    return { text: typeof value, keep: false };
  }
}
