import { QBitFlowError } from './errors.js';

/**
 * Throws `misconfigured` where `options` is no object or has a name that is not among `known`, with the one that was
 * probably meant: an option that is silently ignored is a shop that works otherwise than its owner believes. Left-out
 * options (`undefined`) are fine.
 * @param call What was called, for the message, e.g. `redisStore`.
 */
export function assertKnownOptions(call: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw misconfigured(`${call}: options are an object, e.g. { ${known[0] ?? ''}: … }`);
  for (const [name, value] of Object.entries(options))
    if (value !== undefined && !known.includes(name))
      throw misconfigured(`${call}: ${explainUnknown(name, known)}`);
}

/** Says that an option is not known, and which was probably meant. */
export function explainUnknown(name: string, known: readonly string[]): string {
  const meant = closestName(name, known);
  const cure = meant === undefined ? `it takes ${known.join(', ')}` : `did you mean ${meant}?`;
  return `'${name}' is no option: ${cure}`;
}

/** The error for options that cannot work; `message` names the cause and the cure. */
export function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', message);
}

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
