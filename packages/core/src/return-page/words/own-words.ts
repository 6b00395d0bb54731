import { assertKnownOptions, misconfigured } from '../../known-options.js';
import type { Catalogue } from './catalogue.js';
import { SLOTS } from './slots.js';

const MODEL: ReadonlyMap<string, readonly string[] | 'counted'> = new Map(Object.entries(SLOTS));
const FORMS = ['1', 'zero', 'one', 'two', 'few', 'many', 'other'];

/** Throws `misconfigured` where `given` has a word that is not known, is no text, or has other slots than it should. */
export function assertWords(where: string, given: unknown): asserts given is Partial<Catalogue> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw misconfigured(`${where} is an object, e.g. { paidTitle: 'Thank you!' }`);
  assertKnownOptions(where, given, [...MODEL.keys()]);
  for (const [name, word] of Object.entries(given)) {
    if (word === undefined) continue;
    const model = MODEL.get(name);
    if (typeof model === 'object') assertText(`${where}.${name}`, word, model);
    else assertForms(`${where}.${name}`, word);
  }
}

/** The names of words that are not there. */
export function missingWords(words: Partial<Catalogue>): readonly string[] {
  const given = new Map<string, unknown>(Object.entries(words));
  return [...MODEL.keys()].filter((name) => given.get(name) === undefined);
}

/** A copy without words that are `undefined`: those come from the language that is extended. */
export function withoutGaps(words: Partial<Catalogue>): Partial<Catalogue> {
  const entries = Object.entries(words).filter(([, word]) => word !== undefined);
  return structuredClone(Object.fromEntries(entries));
}

function assertForms(where: string, word: unknown): void {
  const example = 'every {count} days';
  if (typeof word !== 'object' || word === null)
    throw misconfigured(`${where} is an object of plural forms, e.g. { other: '${example}' }`);
  assertKnownOptions(where, word, FORMS);
  const forms = Object.entries(word).filter(([, text]) => text !== undefined);
  if (!forms.some(([form]) => form === 'other'))
    throw misconfigured(`${where} lacks the plural form other, e.g. '${example}'`);
  // 'every month' and the like need no number.
  for (const [form, text] of forms)
    assertText(`${where}.${form}`, text, ['count'], form === 'other');
}

function assertText(
  where: string,
  text: unknown,
  wanted: readonly string[],
  needsAll = true,
): void {
  if (typeof text !== 'string' || text.trim() === '')
    throw misconfigured(`${where} is a text${listedIn(wanted)}`);
  const slots = slotsIn(text);
  const unknown = slots.find((slot) => !wanted.includes(slot));
  const missing = wanted.find((slot) => !slots.includes(slot));
  if (unknown !== undefined)
    throw misconfigured(`${where}: nothing is known for {${unknown}}${listed(wanted)}`);
  if (needsAll && missing !== undefined)
    throw misconfigured(`${where} lacks {${missing}}, which the page fills in`);
}

function listedIn(slots: readonly string[]): string {
  return slots.length === 0 ? '' : ` with ${slots.map((slot) => `{${slot}}`).join(' and ')} in it`;
}

function listed(slots: readonly string[]): string {
  return slots.length === 0 ? '' : `, only for ${slots.map((slot) => `{${slot}}`).join(', ')}`;
}

function slotsIn(text: string): readonly string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, slot = '']) => slot);
}
