import { closestName } from './closest-name.js';
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

function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', message);
}
