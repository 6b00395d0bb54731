/** Up to this many keys are put in order in place: a list of its own for each of many small objects is what costs. */
const FEW = 16;
const SURROGATE = /[\ud800-\udfff]/;
/** With the `u` flag a surrogate matches only where it stands alone. */
const ABOVE_SURROGATES_OR_LONE = /[\ud800-\udfff\ue000-\uffff]/u;
const REPLACEMENT = 0xfffd;

/**
 * An object's keys in the order of their UTF-8 bytes. Keys that differ only in lone surrogates are one key to Go: the
 * last of them stands for all. Takes the list over. No key is copied or turned into bytes: a forger chooses how many
 * there are.
 */
export function inCanonicalOrder(keys: string[]): readonly string[] {
  if (keys.length < 2) return keys;
  if (keys.length <= FEW) return insertInOrder(keys);
  // UTF-16's order, which the engine sorts by without asking anybody, is that of UTF-8 unless both are there.
  const isUtf16 = !(hasAny(keys, SURROGATE) && hasAny(keys, ABOVE_SURROGATES_OR_LONE));
  if (isUtf16) return keys.toSorted();
  // Equal ones stay in the order in which they came.
  return lastOfEqual(keys.toSorted(compareKeys));
}

function hasAny(keys: readonly string[], pattern: RegExp): boolean {
  return keys.some((key) => pattern.test(key));
}

function insertInOrder(keys: string[]): readonly string[] {
  let count = 0;
  for (const key of keys) {
    let at = count;
    let difference = -1;
    while (at > 0) {
      difference = compareKeys(keys[at - 1] ?? '', key);
      if (difference <= 0) break;
      at -= 1;
    }
    if (at > 0 && difference === 0) keys[at - 1] = key;
    else {
      for (let moved = count; moved > at; moved -= 1) keys[moved] = keys[moved - 1] ?? '';
      keys[at] = key;
      count += 1;
    }
  }
  return count === keys.length ? keys : keys.slice(0, count);
}

function lastOfEqual(sorted: readonly string[]): readonly string[] {
  return sorted.filter((key, index) => {
    const next = sorted[index + 1];
    return next === undefined || compareKeys(key, next) !== 0;
  });
}

/** Compares as UTF-8 does, with every lone surrogate as the U+FFFD it is signed as. */
function compareKeys(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) {
      const difference = weightOf(left, index, one) - weightOf(right, index, other);
      if (difference !== 0) return difference;
    }
  }
  return left.length - right.length;
}

/** UTF-16 puts surrogate pairs before U+E000–U+FFFF, UTF-8 after them. */
function weightOf(text: string, index: number, unit: number): number {
  if (unit < 0xd800 || unit > 0xdfff) return unit;
  return isPaired(text, index, unit) ? unit + 0x1_0000 : REPLACEMENT;
}

function isPaired(text: string, index: number, unit: number): boolean {
  if (unit < 0xdc00) return isLow(text.charCodeAt(index + 1));
  const before = text.charCodeAt(index - 1);
  return before >= 0xd800 && before < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
