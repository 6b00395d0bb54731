import { QBitFlowError } from '../../errors.js';

/** Objects and arrays nested deeper than this are refused; QBitFlow's own bodies stay under ten. */
export const MAX_JSON_DEPTH = 1000;

/** Anything but what Go writes as it is: controls, `"` `&` `<` `>` `\`, U+2028, U+2029 and surrogates. */
const NEEDS_ESCAPING = /[^ !#-%'-;=?-[\]-\u2027\u202a-\ud7ff\ue000-\uffff]/;
const HTML_AND_LINE_ENDS = /[<>&\u2028\u2029]/g;
const ANY_SURROGATE = /[\ud800-\udfff]/;
/** With the `u` flag a surrogate matches only where it stands alone. */
const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/**
 * The text Go's `encoding/json` writes for a decoded value, which is what QBitFlow v1 signs: keys in the order of
 * their UTF-8 bytes, no white space, `<` `>` `&` U+2028 U+2029 escaped, lone surrogates as U+FFFD, shortest numbers.
 * Takes what `JSON.parse` gives. Throws a `QBitFlowError` (`unreadable_event`) for anything JSON has no text for
 * and for nesting beyond {@link MAX_JSON_DEPTH}.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return writeNumber(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value === null) return 'null';
  if (typeof value !== 'object') throw notJson(value);
  if (depth >= MAX_JSON_DEPTH) throw tooDeep();
  return Array.isArray(value) ? writeArray(value, depth + 1) : writeObject(value, depth + 1);
}

function notJson(value: unknown): QBitFlowError {
  return new QBitFlowError(
    'unreadable_event',
    `canonical JSON has no text for a value of type ${typeof value}: pass what JSON.parse gave, unchanged`,
  );
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = '[';
  for (let index = 0; index < items.length; index += 1) {
    if (index > 0) text += ',';
    text += write(items[index], depth);
  }
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  let text = '';
  for (const [key, member] of sortedEntries(object)) {
    text += `${text === '' ? '' : ','}${quote(key)}:${write(member, depth)}`;
  }
  return `{${text}}`;
}

function sortedEntries(object: object): [string, unknown][] {
  const entries: [string, unknown][] = Object.entries(object);
  if (entries.some(([key]) => ANY_SURROGATE.test(key))) return sortByUtf8(entries);
  return entries.toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** UTF-16 puts surrogate pairs before U+E000–U+FFFF, UTF-8 after them. */
function sortByUtf8(entries: readonly [string, unknown][]): [string, unknown][] {
  // Keys that differ only in lone surrogates are one key to Go, and the last of them wins.
  const wellFormed = new Map(entries.map(([key, member]) => [replaceLoneSurrogates(key), member]));
  return [...wellFormed].toSorted(([left], [right]) =>
    Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8')),
  );
}

function quote(text: string): string {
  if (!NEEDS_ESCAPING.test(text)) return `"${text}"`;
  return JSON.stringify(replaceLoneSurrogates(text)).replace(HTML_AND_LINE_ENDS, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function replaceLoneSurrogates(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd');
}

function writeNumber(value: number): string {
  // `1e400` is a number to JSON.parse and an error to Go: no genuine body can hold it.
  if (!Number.isFinite(value)) {
    throw new QBitFlowError('unreadable_event', 'a number in the body is too large for float64');
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

function tooDeep(): QBitFlowError {
  return new QBitFlowError(
    'unreadable_event',
    `the body is nested deeper than ${MAX_JSON_DEPTH} levels`,
  );
}
