import { assertKnownOptions, misconfigured } from '../known-options.js';

/** What a page's policy can be widened by: styles, pictures, fonts and media, never scripts. */
export type CspDirective = 'style-src' | 'img-src' | 'font-src' | 'media-src';

/**
 * Sources that a page of your own (`render`) loads from, by directive: `'self'` in its quotes, `https://host[:port][/path]`,
 * for pictures, fonts and media also `data:`, and for styles the hash of an inline one (`'sha256-…'`).
 */
export type CspAdditions = Partial<Readonly<Record<CspDirective, readonly string[]>>>;

const DIRECTIVES: readonly CspDirective[] = ['style-src', 'img-src', 'font-src', 'media-src'];

const HOST =
  /^https?:\/\/(?:\*\.)?(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)*[a-z\d](?:[a-z\d-]*[a-z\d])?(?::(?:\d{1,5}|\*))?(?:\/[\w/.~%+@-]*)?$/i;
const HASH = /^'sha(?:256|384|512)-[\w+/-]{43,88}={0,2}'$/;

/** A copy of additions that a policy can hold. Throws `misconfigured` for a directive or a source that it cannot. */
export function checkAdditions(call: string, additions: CspAdditions = {}): CspAdditions {
  const what = `${call}: csp`;
  assertKnownOptions(what, additions, DIRECTIVES);
  const checked = DIRECTIVES.flatMap((directive) => {
    const sources = additions[directive];
    if (sources === undefined) return [];
    if (!Array.isArray(sources))
      throw misconfigured(
        `${what}['${directive}'] is a list of sources, e.g. ['https://cdn.shop.example']`,
      );
    return [
      [
        directive,
        sources.map((source) => checkSource(`${what}['${directive}']`, directive, source)),
      ],
    ] as const;
  });
  return Object.freeze(Object.fromEntries(checked));
}

function checkSource(what: string, directive: CspDirective, source: unknown): string {
  const isStyle = directive === 'style-src';
  if (typeof source === 'string') {
    if (source === "'self'" || HOST.test(source)) return source;
    if (isStyle ? HASH.test(source) : source === 'data:') return source;
  }
  if (source === 'self') throw misconfigured(`${what}: self is written with quotes, "'self'"`);
  const cure = isStyle
    ? "'self', https://host, or the hash of an inline style ('sha256-…'): a policy with a hash ignores 'unsafe-inline'"
    : "'self', data: or https://host";
  const shown = typeof source === 'string' ? `'${source.slice(0, 60)}'` : `a ${typeof source}`;
  throw misconfigured(`${what}: ${shown} is no source that this policy takes; it takes ${cure}`);
}
