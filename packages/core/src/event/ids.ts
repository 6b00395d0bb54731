/** What an id in QBitFlow's bodies begins with, by the kind of thing it names. */
export type IdPrefix = 'pay@' | 'sub@' | 'sub-hist@' | 'refund@';

/** A UUID as QBitFlow's and most other parsers take it: any case, hyphens or none, in braces or as a URN. */
const UUID = /^(?:urn:uuid:)?([0-9a-f]{4}(?:-?[0-9a-f]{4}){7})$/i;
const PREFIXED = /^([a-z][a-z-]*@)(.+)$/i;
/** Longer than any spelling of an id that holds a UUID. */
const LONGEST_SPELLING = 128;

/**
 * How an id is written in keys and subjects: a bare one gets the prefix of its kind, one with any prefix keeps it, and
 * all spellings of one UUID are one (lower case, with hyphens, as QBitFlow sends them). Any other id is opaque and
 * stays as it is; '' when absent. Calls to the API take the id verbatim instead.
 */
export function canonicalId(prefix: IdPrefix, id: unknown): string {
  if (typeof id !== 'string' || id === '') return '';
  return folded(prefix, id) ?? (id.includes('@') ? id : prefix + id);
}

/** `undefined` for what is no UUID, with or without a prefix. */
function folded(prefix: IdPrefix, id: string): string | undefined {
  if (id.length > LONGEST_SPELLING) return undefined;
  const bare = unbraced(id);
  const prefixed = PREFIXED.exec(bare);
  const written = UUID.exec(unbraced(prefixed?.[2] ?? bare))?.[1];
  const hex = written?.replaceAll('-', '').toLowerCase();
  if (hex === undefined) return undefined;
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return (prefixed?.[1]?.toLowerCase() ?? prefix) + uuid;
}

function unbraced(text: string): string {
  return text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
}

/** The prefix of ids under which transactions of this type run; checkout sessions carry the id they create. */
export function prefixOf(txType: unknown): IdPrefix {
  if (typeof txType !== 'string') return 'pay@';
  if (/subscription|payg|payasyougo|allowance|maxamount/i.test(txType)) return 'sub@';
  return txType === 'refund' ? 'refund@' : 'pay@';
}
