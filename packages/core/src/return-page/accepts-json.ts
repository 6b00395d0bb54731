/**
 * Whether a caller would rather have JSON than HTML. Browsers and callers without a wish get HTML; of two equal wishes
 * the first one counts.
 */
export function acceptsJson(accept: string | undefined): boolean {
  const ranges = (accept ?? '').toLowerCase().split(',').map(parseRange);
  const json = best(ranges, 'application/json');
  const html = best(ranges, 'text/html');
  if (json === undefined || json.quality === 0) return false;
  if (html === undefined || json.quality !== html.quality) {
    return json.quality > (html?.quality ?? 0);
  }
  return ranges.indexOf(json) < ranges.indexOf(html);
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseRange(range: string): Range {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}

function best(ranges: readonly Range[], type: string): Range | undefined {
  return ranges
    .filter((range) => range.type === type)
    .reduce<Range | undefined>(
      (a, b) => (a !== undefined && a.quality >= b.quality ? a : b),
      undefined,
    );
}
