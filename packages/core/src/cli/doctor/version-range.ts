/** A version's numbers; `undefined` for what is none. */
function numbersOf(version: string): readonly [number, number, number] | undefined {
  const [, major, minor = '0', patch = '0'] =
    /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(version.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

/**
 * Whether a version is in a range of the few forms that the kit's own packages write: `^1.2.3`, `~1.2.3`, `>=1.2.3`, an
 * exact one, and several with `||`. `undefined` where one of them is written otherwise.
 */
export function isInRange(version: string, range: string): boolean | undefined {
  const given = numbersOf(version);
  if (given === undefined) return undefined;
  const answers = range.split('||').map((part) => isIn(given, part.trim()));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

type Version = readonly [number, number, number];

function isIn(version: Version, part: string): boolean | undefined {
  const [, operator = '', text = ''] = /^(\^|~|>=|)\s*(\S+)$/.exec(part) ?? [];
  const least = numbersOf(text);
  if (least === undefined) return undefined;
  const isEnough = compare(version, least) >= 0;
  if (operator === '>=') return isEnough;
  if (operator === '') return compare(version, least) === 0;
  return (
    isEnough &&
    version.slice(0, fixedBy(operator, least)).join() ===
      least.slice(0, fixedBy(operator, least)).join()
  );
}

/** How many numbers, from the left, must be the same. */
function fixedBy(operator: string, [major, minor]: Version): number {
  if (operator === '~') return 2;
  if (major > 0) return 1;
  return minor > 0 ? 2 : 3;
}

function compare(one: Version, other: Version): number {
  for (const [index, number] of one.entries()) {
    const difference = number - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
