import { QBitFlowError } from '../../errors.js';
import { inCanonicalOrder } from './canonical-keys.js';

/** Objects and arrays nested deeper than this are refused; QBitFlow's own bodies stay under ten. */
export const MAX_JSON_DEPTH = 1000;

/** Bytes of a buffer that holds any usual body whole: below this Node takes it from its pool. */
const USUAL_BYTES = 3_072;
/** Bytes handed on at once of what is longer. */
const CHUNK_BYTES = 65_536;
/** Characters written between two looks at the room that is left; each may take six bytes. */
const STRETCH = USUAL_BYTES / 6;
/** Longer than the text of any number. */
const LONGEST_NUMBER = 32;

/**
 * The text Go's `encoding/json` writes for a decoded value, which is what QBitFlow v1 signs: keys in the order of
 * their UTF-8 bytes, no white space, `<` `>` `&` U+2028 U+2029 escaped, lone surrogates as U+FFFD, shortest numbers.
 * Takes what `JSON.parse` gives. For tools that sign or compare v1 bodies; {@link verifySignature} needs no help.
 * @throws `unreadable_event` for anything JSON has no text for and for nesting beyond 1,000 levels
 * @example
 * ```js
 * import { canonicalJson } from '@qbitflow/core';
 *
 * console.assert(canonicalJson({ b: 1.0, a: '<' }).toString() === '{"a":"\\u003c","b":1}');
 * ```
 */
export function canonicalJson(value: unknown): string {
  let text = '';
  writeCanonicalJson(value, (chunk) => {
    text += chunk.toString('utf8');
  });
  return text;
}

/**
 * Gives the bytes of {@link canonicalJson} piece by piece, each of whole characters and good only until `take` returns.
 * The input is not verified yet: time is linear in what `JSON.parse` took, and memory does not
 * grow with it. Throws as {@link canonicalJson} does, after any number of pieces.
 */
export function writeCanonicalJson(value: unknown, take: (chunk: Buffer) => void): void {
  const writer = new CanonicalWriter(take);
  writer.write(value, 0);
  writer.flush();
}

/** What a character is escaped as: nothing, its own letter behind a backslash, or four hex digits. */
const AS_IT_IS = 0;
const AS_HEX = 1;
const ESCAPES = escapesOfAscii();

function escapesOfAscii(): Uint8Array {
  const escapes = new Uint8Array(128);
  escapes.fill(AS_HEX, 0, 0x20);
  for (const html of '<>&') escapes[html.charCodeAt(0)] = AS_HEX;
  for (const [character, letter] of Object.entries({
    '"': '"',
    '\\': '\\',
    '\b': 'b',
    '\t': 't',
    '\n': 'n',
    '\f': 'f',
    '\r': 'r',
  }))
    escapes[character.charCodeAt(0)] = letter.charCodeAt(0);
  return escapes;
}

const PLAIN_ASCII = /^[ !#-%'-;=?-[\]-\u007f]*$/;
/** Shorter texts are faster written by hand. */
const LONG_TEXT = 64;
const POWERS_OF_TEN = [10, 100, 1_000, 10_000];
const BILLION = 1e9;

/** Writes into one buffer and hands it on whenever it is full. */
class CanonicalWriter {
  readonly #take: (chunk: Buffer) => void;
  #out = Buffer.allocUnsafe(USUAL_BYTES);
  #used = 0;

  constructor(take: (chunk: Buffer) => void) {
    this.#take = take;
  }

  write(value: unknown, depth: number): void {
    if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.#ascii(value ? 'true' : 'false');
    else if (value === null) this.#ascii('null');
    else if (typeof value !== 'object') throw notJson(value);
    else if (depth >= MAX_JSON_DEPTH) throw tooDeep();
    else if (Array.isArray(value)) this.#array(value, depth + 1);
    else this.#object(value, depth + 1);
  }

  flush(): void {
    if (this.#used > 0) this.#take(this.#out.subarray(0, this.#used));
    this.#used = 0;
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#byte(0x5b);
    for (let index = 0; index < items.length; index += 1) {
      if (index > 0) this.#byte(0x2c);
      this.write(items[index], depth);
    }
    this.#byte(0x5d);
  }

  #object(object: object, depth: number): void {
    const keys = inCanonicalOrder(Object.keys(object));
    this.#byte(0x7b);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? '';
      if (index > 0) this.#byte(0x2c);
      this.#text(key);
      this.#byte(0x3a);
      this.write(Reflect.get(object, key), depth);
    }
    this.#byte(0x7d);
  }

  #text(text: string): void {
    this.#byte(0x22);
    if (text.length <= LONG_TEXT) this.#characters(text, 0, text.length);
    else if (PLAIN_ASCII.test(text)) this.#plain(text);
    else this.#long(text);
    this.#byte(0x22);
  }

  #plain(text: string): void {
    for (let from = 0; from < text.length; from += USUAL_BYTES) {
      const stretch = text.slice(from, from + USUAL_BYTES);
      this.#room(stretch.length);
      this.#used += this.#out.write(stretch, this.#used, 'latin1');
    }
  }

  #long(text: string): void {
    for (let from = 0; from < text.length;) {
      let end = Math.min(from + STRETCH, text.length);
      const last = text.charCodeAt(end - 1);
      // A pair is not torn apart.
      if (end < text.length && last >= 0xd800 && last < 0xdc00) end -= 1;
      this.#characters(text, from, end);
      from = end;
    }
  }

  /** At most {@link STRETCH} characters. This is the loop a forger's megabyte goes through. */
  #characters(text: string, from: number, end: number): void {
    this.#room((end - from) * 6);
    const out = this.#out;
    let used = this.#used;
    for (let index = from; index < end; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < 0x80) {
        const escape = ESCAPES[unit];
        if (escape === AS_IT_IS) out[used++] = unit;
        else if (escape === AS_HEX) used = writeHex(out, used, unit);
        else {
          out[used++] = 0x5c;
          out[used++] = escape ?? unit;
        }
      } else if (unit < 0x800) {
        out[used++] = 0xc0 | (unit >> 6);
        out[used++] = 0x80 | (unit & 0x3f);
      } else if (unit === 0x2028 || unit === 0x2029) {
        used = writeHex(out, used, unit);
      } else {
        const point = text.codePointAt(index) ?? 0;
        if (point > 0xffff) {
          out[used++] = 0xf0 | (point >> 18);
          out[used++] = 0x80 | ((point >> 12) & 0x3f);
          out[used++] = 0x80 | ((point >> 6) & 0x3f);
          out[used++] = 0x80 | (point & 0x3f);
          index += 1;
        } else {
          const whole = unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit;
          out[used++] = 0xe0 | (whole >> 12);
          out[used++] = 0x80 | ((whole >> 6) & 0x3f);
          out[used++] = 0x80 | (whole & 0x3f);
        }
      }
    }
    this.#used = used;
  }

  /** The engine finds the shortest text. Prices and whole numbers, which bodies are full of, are written without it. */
  #number(value: number): void {
    // `1e400` is a number to JSON.parse and an error to Go: no genuine body can hold it.
    if (!Number.isFinite(value)) throw tooLarge();
    this.#room(LONGEST_NUMBER);
    const size = Math.abs(value);
    if (!Object.is(size, value)) this.#byte(0x2d);
    if (Number.isSafeInteger(size)) this.#whole(size);
    else if (!(size < BILLION && this.#decimal(size))) this.#ascii(String(size));
  }

  #whole(value: number): void {
    const low = value % BILLION;
    const high = (value - low) / BILLION;
    if (high > 0) this.#digits(high, digitsIn(high));
    this.#digits(low, high > 0 ? 9 : digitsIn(low));
  }

  /** Writes a number of up to four decimals. A quotient of two such numbers is exact, so none shorter is the same. */
  #decimal(value: number): boolean {
    for (let decimals = 1; decimals <= POWERS_OF_TEN.length; decimals += 1) {
      const power = POWERS_OF_TEN[decimals - 1] ?? 1;
      const scaled = Math.round(value * power);
      if (scaled / power === value) {
        const fraction = scaled % power;
        this.#whole((scaled - fraction) / power);
        this.#byte(0x2e);
        this.#digits(fraction, decimals);
        return true;
      }
    }
    return false;
  }

  /** The last `count` decimal digits of a whole number below a billion. */
  #digits(value: number, count: number): void {
    const out = this.#out;
    let rest = value;
    for (let at = this.#used + count - 1; at >= this.#used; at -= 1) {
      const quotient = Math.trunc(rest / 10);
      out[at] = 0x30 + rest - quotient * 10;
      rest = quotient;
    }
    this.#used += count;
  }

  #ascii(text: string): void {
    this.#room(text.length);
    const out = this.#out;
    let used = this.#used;
    for (let index = 0; index < text.length; index += 1) out[used++] = text.charCodeAt(index);
    this.#used = used;
  }

  #byte(byte: number): void {
    this.#room(1);
    this.#out[this.#used++] = byte;
  }

  #room(bytes: number): void {
    if (this.#out.length - this.#used >= bytes) return;
    this.flush();
    if (this.#out.length < CHUNK_BYTES) this.#out = Buffer.allocUnsafe(CHUNK_BYTES);
  }
}

function digitsIn(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 10; rest = Math.trunc(rest / 10)) count += 1;
  return count;
}

/** `\u003c` for `<`: four lower-case hex digits. Returns where the text goes on. */
function writeHex(out: Buffer, at: number, unit: number): number {
  out[at] = 0x5c;
  out[at + 1] = 0x75;
  out[at + 2] = hexDigit(unit >> 12);
  out[at + 3] = hexDigit((unit >> 8) & 0xf);
  out[at + 4] = hexDigit((unit >> 4) & 0xf);
  out[at + 5] = hexDigit(unit & 0xf);
  return at + 6;
}

function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

function notJson(value: unknown): QBitFlowError {
  return new QBitFlowError(
    'unreadable_event',
    `canonical JSON has no text for a value of type ${typeof value}: pass what JSON.parse gave, unchanged`,
  );
}

function tooLarge(): QBitFlowError {
  return new QBitFlowError('unreadable_event', 'a number in the body is too large for float64');
}

function tooDeep(): QBitFlowError {
  return new QBitFlowError(
    'unreadable_event',
    `the body is nested deeper than ${MAX_JSON_DEPTH} levels`,
  );
}
