import { createHash } from 'node:crypto';
import { PRELUDE } from './prelude.js';

/** A Lua script and the name Redis keeps it by. Its one key is the store's base key, `{prefix}:`. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** A script from its body; the body may use what the prelude defines. */
export function script(body: string): Script {
  const text = PRELUDE + body;
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}
