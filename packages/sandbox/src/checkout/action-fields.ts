import { CheckoutError } from '../errors.js';
import type { JsonObject } from '../wire/canonical-json.js';

/** One thing that an action can be told, out of a body's field. */
export interface ActionField<Value = unknown> {
  readonly name: string;
  /** What may be given, for people. */
  readonly hint: string;
  /** What may be chosen from, where it is a choice; what is chosen without asking stands first. */
  readonly choices?: readonly string[];
  /** The value, or its default where the field is left out or null. Throws, naming the field, for what cannot be. */
  readonly of: (input: JsonObject) => Value;
}

/** One of some words; the first where none is given. */
export function choice<Word extends string>(
  name: string,
  words: readonly [Word, ...Word[]],
): ActionField<Word> {
  const hint = `one of ${words.join(', ')}`;
  return {
    name,
    hint,
    choices: words,
    of(input) {
      const given = input[name] ?? words[0];
      const word = words.find((known) => known === given);
      return word ?? invalid(name, hint, given);
    },
  };
}

/** A text of `least` to `most` characters; control characters are not for terminals. */
export function text(
  name: string,
  rule: {
    readonly least?: number;
    readonly most: number;
    readonly byDefault?: string;
    readonly pattern?: RegExp;
  },
): ActionField<string> {
  const { least = 0, most, byDefault = '', pattern = /(?:)/ } = rule;
  const hint = `a text of ${least} to ${most} characters`;
  return {
    name,
    hint,
    of(input) {
      const given = input[name] ?? byDefault;
      const fits =
        typeof given === 'string' &&
        given.length >= least &&
        given.length <= most &&
        pattern.test(given) &&
        !/\p{Cc}/u.test(given);
      return fits ? given : invalid(name, `${hint}, no control characters`, given);
    },
  };
}

/** A share of 100 %: a number, or as a form sends it a text. */
export function percent(
  name: string,
  rule: { readonly least: number; readonly byDefault: number },
): ActionField<number> {
  const { least, byDefault } = rule;
  const hint = `a number from ${least} to 100`;
  return {
    name,
    hint,
    of(input) {
      const given = input[name] ?? byDefault;
      const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
      return typeof number === 'number' && number >= least && number <= 100
        ? number
        : invalid(name, hint, given);
    },
  };
}

/** Throws for what is no object, and for a field that is none of those there are. */
export function refuseOthers(input: JsonObject, fields: readonly ActionField[]): void {
  if (typeof input !== 'object' || Array.isArray(input))
    throw new CheckoutError('invalid_input', 'the input must be an object');
  const names = fields.map(({ name }) => name);
  const other = Object.keys(input).find((name) => !names.includes(name));
  if (other === undefined) return;
  const there = names.length === 0 ? 'it takes none' : `there are ${names.join(', ')}`;
  throw new CheckoutError('invalid_input', `there is no field ${JSON.stringify(other)}: ${there}`);
}

function invalid(name: string, hint: string, given: unknown): never {
  throw new CheckoutError(
    'invalid_input',
    `${name} must be ${hint}, not ${JSON.stringify(given)?.slice(0, 100)}`,
  );
}
