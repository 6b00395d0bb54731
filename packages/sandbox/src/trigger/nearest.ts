/** How much of what was typed is compared: nobody means a longer name. */
const COMPARED = 60;
const SHOWN = 3;

/** The three of `names` that are most like what was typed, the nearest first. */
export function nearest(typed: string, names: readonly string[]): readonly string[] {
  const wanted = typed.slice(0, COMPARED).toLowerCase();
  return names
    .map((name) => ({ name, distance: distanceOf(wanted, name.toLowerCase()) }))
    .toSorted((one, other) => one.distance - other.distance)
    .slice(0, SHOWN)
    .map(({ name }) => name);
}

/** Levenshtein's: how many characters must be added, removed or replaced. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, character] of Array.from(from).entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column += 1) {
      const above = row[column] ?? 0;
      const diagonal = row[column - 1] ?? 0;
      const left = next[column - 1] ?? 0;
      const replaced = diagonal + (to[column - 1] === character ? 0 : 1);
      next.push(Math.min(above + 1, left + 1, replaced));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
