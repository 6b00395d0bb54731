/** The one of `names` that `given` was most likely meant to be, or `undefined` when none is near. */
export function closestName(given: string, names: Iterable<string>): string | undefined {
  const wanted = folded(given);
  let closest: string | undefined;
  let least = Math.max(2, Math.floor(wanted.length / 4)) + 1;
  for (const name of names) {
    const distance = editsBetween(wanted, folded(name), least);
    if (distance >= least) continue;
    least = distance;
    closest = name;
  }
  return closest;
}

/** Letter case, separators and the like are the usual slips. */
function folded(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Levenshtein's distance, given up once it reaches `most`. */
function editsBetween(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) >= most) return most;
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    previous = row;
  }
  return Math.min(most, previous.at(-1) ?? most);
}
