import type { SignatureClues } from '../generation.js';
import { filledHeader, parseUnixSeconds, V2_SIGNATURE_HEADER } from '../signature.js';
import { parseSignatureHeader } from './signature.js';

/** What v2's signatures tell. */
export const v2Clues: SignatureClues = {
  form: 'QBitFlow-Signature is t=<unix seconds>,v1=<64 hex digits>: a proxy that joins or cuts headers, or an unknown sender',
  signedAt(headers) {
    const header = parseSignatureHeader(filledHeader(headers, V2_SIGNATURE_HEADER) ?? '');
    return header && parseUnixSeconds(header.timestamp);
  },
  oddities: (headers) =>
    /=[0-9a-f]*[A-F][0-9A-Fa-f]*/.test(filledHeader(headers, V2_SIGNATURE_HEADER) ?? '')
      ? ['its hex digits are in upper case, which QBitFlow never sends']
      : [],
};
