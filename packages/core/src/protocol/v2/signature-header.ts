import { trimWhiteSpace } from '../white-space.js';

/** What a `QBitFlow-Signature` header says. */
export interface SignatureHeader {
  /** The time as sent: this text is what was signed. */
  readonly timestamp: string;
  /** Every `v1` value, unjudged. */
  readonly signatures: readonly string[];
}

/** Node takes 16 KiB of headers altogether; a longer one is no header of QBitFlow's. */
const MAX_LENGTH = 16_384;

/** How QBitFlow writes it outside of a secret's rotation. */
const USUAL = /^t=([0-9]{1,18}),v1=([0-9a-f]{64})$/;

/**
 * Splits on `,`, each part on its first `=`, trims white space, ignores other keys. `undefined` unless there is exactly
 * one `t` and at least one `v1`.
 */
export function parseSignatureHeader(header: string): SignatureHeader | undefined {
  const usual = USUAL.exec(header);
  if (usual?.[1] !== undefined && usual[2] !== undefined) {
    return { timestamp: usual[1], signatures: [usual[2]] };
  }
  if (header.length > MAX_LENGTH) return undefined;
  const timestamps: string[] = [];
  const signatures: string[] = [];
  for (const part of header.split(',')) {
    const equals = part.indexOf('=');
    if (equals === -1) continue;
    const name = trimWhiteSpace(part.slice(0, equals));
    const value = trimWhiteSpace(part.slice(equals + 1));
    if (name === 't') timestamps.push(value);
    else if (name === 'v1') signatures.push(value);
  }
  const [timestamp, ...others] = timestamps;
  if (timestamp === undefined || others.length > 0 || signatures.length === 0) return undefined;
  return { timestamp, signatures };
}
