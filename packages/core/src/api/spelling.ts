/** An id without the ways in which the same one can be written. */
interface Spelled {
  /** `pay`, `sub`, …; '' for a bare id. */
  readonly kind: string;
  /** What follows, as it is compared. */
  readonly rest: string;
}

const PREFIX = /^[^\p{L}\p{N}]*(?:([a-z-]+)(?:@|%40))?/iu;
const UUID_DIGITS = /^[0-9a-f]{32}$/;

/**
 * One name for every spelling of a transaction's id: case, hyphens, braces and a mail client's dot make no other UUID.
 * An id that is no UUID stands for itself alone. For memories and live pages; the API is asked for ids verbatim.
 */
export function nameOfId(id: string): string {
  const { kind, rest } = spelled(id);
  if (!UUID_DIGITS.test(rest)) return id;
  return kind === '' ? rest : `${kind}@${rest}`;
}

/** Whether an answer about `answered` can be meant by a question about `asked`, written in whatever way. */
export function isSpellingOf(asked: string, answered: string): boolean {
  if (asked === answered) return true;
  const [one, other] = [spelled(asked), spelled(answered)];
  const sameKind = one.kind === other.kind || one.kind === '' || other.kind === '';
  return sameKind && one.rest !== '' && one.rest === other.rest;
}

function spelled(id: string): Spelled {
  const [before = '', kind = ''] = PREFIX.exec(id) ?? [];
  const rest = id
    .slice(before.length)
    .replace(/^urn:uuid:/i, '')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return { kind: kind.toLowerCase(), rest: rest.toLowerCase() };
}
