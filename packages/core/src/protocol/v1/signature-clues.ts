import type { SignatureClues } from '../generation.js';
import { filledHeader, V1_TIMESTAMP_HEADER } from '../signature.js';
import { secondsOf } from './signature.js';

/** What v1's signatures tell. */
export const v1Clues: SignatureClues = {
  form: 'X-Webhook-Signature-256 is sha256=<64 hex digits> beside X-Webhook-Timestamp: a proxy that changes headers, or an unknown sender',
  signedAt(headers) {
    const timestamp = filledHeader(headers, V1_TIMESTAMP_HEADER);
    return timestamp === undefined ? undefined : secondsOf(timestamp);
  },
  oddities: () => [],
};
