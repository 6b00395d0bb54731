import { createHash } from 'node:crypto';
import { NAMES, PREPARED } from './prelude.js';

/** A Lua script and the name Redis keeps it by. Its one key is the store's base key, `{prefix}:`. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** A script of these parts; they may use what the prelude defines. It runs only on data of this version. */
export function script(...parts: readonly string[]): Script {
  return unversioned(PREPARED, ...parts);
}

/** A script that runs whatever version the data has. */
export function unversioned(...parts: readonly string[]): Script {
  const text = [NAMES, ...parts].join('');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
