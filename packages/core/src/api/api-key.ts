import { QBitFlowError } from '../errors.js';

/** Throws `misconfigured` for a key that no header can carry: fetch quotes it in its error, and it would end up in the log. */
export function assertApiKey(apiKey: string | undefined): void {
  if (apiKey === undefined || /^[\x21-\x7e]+$/.test(apiKey)) return;
  throw new QBitFlowError(
    'misconfigured',
    'the API key is empty or holds a space, a line break or another character no header may carry, probably from copying: set apiKey (or QBITFLOW_API_KEY) to the sk_… text alone',
  );
}
