// Bodies of about 1 MiB that are hard on whoever reads them.
const LIMIT = 1_048_576;

/** Repeats `item(i)` between `open` and `close` up to the largest body that is taken. */
function fill(open, item, close) {
  const parts = [];
  let bytes = Buffer.byteLength(open + close);
  for (let index = 0; ; index += 1) {
    const part = (index === 0 ? '' : ',') + item(index);
    bytes += Buffer.byteLength(part);
    if (bytes > LIMIT) return Buffer.from(open + parts.join('') + close);
    parts.push(part);
  }
}

/** A text that looks random and is the same each time. */
const scrambled = (index) => ((index * 2_654_435_761) >>> 0).toString(36);

/** By name. */
export const hardBodies = {
  'one long string': fill('["', () => 'a'.repeat(256), '"]'),
  'a string of <': fill('["', () => '<'.repeat(256), '"]'),
  'many short keys': fill('{', (index) => `"${scrambled(index)}":0`, '}'),
  'many keys with emoji': fill('{', (index) => `"${scrambled(index)}😀":0`, '}'),
  'many keys with half an emoji': fill('{', (index) => `"\\ud800${scrambled(index)}":0`, '}'),
  'many empty objects': fill('[', () => '{}', ']'),
  'many numbers': fill('[', (index) => `0.${(index * 2_654_435_761) >>> 0}7${index}`, ']'),
  'a thousand levels': fill('['.repeat(998), () => '0', ']'.repeat(998)),
  'a hundred thousand levels': Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)),
};
