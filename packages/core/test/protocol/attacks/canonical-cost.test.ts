import { describe, expect, test } from 'vitest';
import { canonicalJson, writeCanonicalJson } from '../../../src/protocol/v1/canonical-json.js';
import { seededRandom } from '../../support/seeded-random.js';

const BYTES = 262_144;

/** As many items as make a body a forger would send. */
function body(open: string, item: (index: number) => string, close: string): string {
  const parts: string[] = [];
  for (let bytes = 0; bytes < BYTES;) {
    const part = item(parts.length);
    parts.push(part);
    bytes += Buffer.byteLength(part) + 1;
  }
  return open + parts.join(',') + close;
}

const random = seededRandom(7);
const word = (): string => Math.floor(random() * 2 ** 31).toString(36);

const bodies: [string, string][] = [
  ['a string of <', `["${'<'.repeat(BYTES)}"]`],
  ['many strings of <', body('[', () => '"<"', ']')],
  ['many keys', body('{', () => `"${word()}":0`, '}')],
  ['many keys with a pair', body('{', () => `"${word()}😀":0`, '}')],
  ['many keys with half a pair', body('{', () => `"\\ud800${word()}":0`, '}')],
  [
    'keys on both sides of the surrogates',
    body('{', (index) => `"${index % 2 === 0 ? '😀' : '\uffee'}${word()}":0`, '}'),
  ],
  ['objects of two keys with a pair', body('[', () => '{"😁":0,"😀":0}', ']')],
  ['objects of two halves', body('[', () => '{"\\ud801":0,"\\ud800":0}', ']')],
  ['keys with a long common start', body('{', () => `"${'a'.repeat(200)}${word()}😀":0`, '}')],
  ['whole numbers', body('[', () => String(Math.floor(random() * 1e15)), ']')],
  ['prices', body('[', () => (random() * 1000).toFixed(2), ']')],
  ['empty objects', body('[', () => '{}', ']')],
  ['almost too deep', `${'['.repeat(999)}${body('', () => '0', '')}${']'.repeat(999)}`],
];

/** Processor time, the best of a few runs: the machine may be busy with other things. */
function costOf(work: () => unknown): number {
  const costs = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...costs);
}

describe('canonical JSON of what a forger chose', () => {
  // Before, a string of < took a hundred times, and keys with emoji twenty times as long as JSON.parse. It is three times
  // at most where nothing else runs; the rest is for machines where much does.
  test.each(bodies)('%s: costs in proportion to having parsed it', (_name, text) => {
    const value: unknown = JSON.parse(text);
    const forget = (): void => undefined;
    writeCanonicalJson(value, forget);
    const parse = costOf(() => JSON.parse(text));
    const write = costOf(() => {
      writeCanonicalJson(value, forget);
    });
    expect(write).toBeLessThan(12 * Math.max(parse, 1_000));
  });

  test.each(bodies)('%s: comes in pieces of bounded size that make up the text', (_name, text) => {
    const value: unknown = JSON.parse(text);
    const pieces: string[] = [];
    let largest = 0;
    writeCanonicalJson(value, (chunk) => {
      largest = Math.max(largest, chunk.length);
      pieces.push(chunk.toString('utf8'));
    });
    expect(largest).toBeLessThanOrEqual(65_536);
    expect(pieces.join('') === canonicalJson(value)).toBe(true);
    expect(pieces.join('').includes('\ufffd')).toBe(text.includes('\\ud80'));
  });
});

/** The definition, word by word, for values of any size a person would write. */
function byDefinition(value: unknown): string {
  if (typeof value === 'string') return textByDefinition(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(byDefinition).join(',')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value)) members.set(wellFormed(key), member);
  const sorted = [...members].toSorted(([one], [other]) =>
    Buffer.compare(Buffer.from(one), Buffer.from(other)),
  );
  const texts = sorted.map(([key, member]) => `${textByDefinition(key)}:${byDefinition(member)}`);
  return `{${texts.join(',')}}`;
}

function textByDefinition(text: string): string {
  return JSON.stringify(wellFormed(text)).replace(
    /[<>&\u2028\u2029]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const wellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

describe('canonical JSON is what its definition says', () => {
  const draw = seededRandom(11);
  const upTo = (limit: number): number => Math.floor(draw() * limit);
  const units =
    'ab0<>&"\\\n\u0001\u007f\u0080é\u07ff\u0800\u2028\ud7ff\ue000\uffee\ufffd\uffff'.split('');
  const halves = ['\ud800', '\udc00', '\ud83d\ude00', '\udbff\udfff'];
  const alphabet = [...units, ...halves];

  const text = (): string => {
    const length = upTo(50) === 0 ? 600 + upTo(3_000) : upTo(5);
    return Array.from({ length }, () => alphabet[upTo(alphabet.length)]).join('');
  };
  const numbers: (() => number)[] = [
    () => upTo(100),
    () => -upTo(2 ** 31),
    () => -0,
    () => upTo(1e7) / 100,
    () => upTo(1e9) / 10 ** upTo(12),
    () => draw() * 10 ** (upTo(40) - 20),
    () => (draw() - 0.5) * 2 ** (upTo(2_000) - 1_000),
    () => Math.round(draw() * 2 ** (30 + upTo(40))),
    () => 2 ** 53 - upTo(3),
  ];
  const number = (): number => numbers[upTo(numbers.length)]?.() ?? 0;
  const value = (depth: number): unknown => {
    const kind = upTo(depth > 3 ? 3 : 5);
    if (kind === 0) return number();
    if (kind === 1) return text();
    if (kind === 2) return [true, false, null][upTo(3)];
    const count = upTo(20) === 0 ? 40 : upTo(6);
    if (kind === 3) return Array.from({ length: count }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: count }, () => [text(), value(depth + 1)]));
  };

  test('for five thousand values of every kind', () => {
    for (let run = 0; run < 5_000; run += 1) {
      const sample = value(0);
      expect(canonicalJson(sample)).toBe(byDefinition(sample));
    }
  });

  test('for a hundred thousand numbers', () => {
    const wrong = Array.from({ length: 100_000 }, number).filter(
      (one) => canonicalJson(one) !== byDefinition(one),
    );
    expect(wrong).toEqual([]);
  });
});
