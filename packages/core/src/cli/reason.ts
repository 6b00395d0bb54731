import { asError, cut } from '../as-error.js';
import { isQBitFlowError } from '../errors.js';

const LONGEST_REASON = 500;

/** Why a command failed, on one line, without the user and password of any URL in it. */
export function reasonOf(thrown: unknown): string {
  const error = asError(thrown);
  const said = oneLine(error);
  // What is misconfigured is said in full.
  const isPlain = isQBitFlowError(error) && error.code === 'misconfigured';
  const cause = isPlain || error.cause === undefined ? '' : oneLine(asError(error.cause));
  return cause === '' || said.includes(cause) ? said : `${said} (${cause})`;
}

/** Node's own refusals of connections come as errors without a message. */
function oneLine(error: Error): string {
  const code: unknown = Reflect.get(error, 'code');
  const text = error.message || (typeof code === 'string' ? code : error.name);
  return withoutPassword(cut(text.replace(/\s+/g, ' ').trim(), LONGEST_REASON));
}

/** What stands between the scheme and the host of a URL. */
export function withoutPassword(text: string): string {
  return text.replace(/([a-z][a-z\d+.-]*:\/{1,2})[^/\s@]*@/gi, '$1…@');
}
