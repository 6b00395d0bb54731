import { headerOf, type HttpRequest } from '../../http/http.js';
import { queryOf } from '../return-query.js';

/** What is read of a header; browsers send a tenth of it. */
const LONGEST_HEADER = 1_000;
const MOST_RANGES = 30;
const LONGEST_RANGE = 35;

const RANGE = /^(?:\*|[a-z]{1,8}(?:-[a-z\d]{1,8})*)$/i;
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/**
 * Which of the `offered` language tags a request gets: what `?lang=` names, else what `Accept-Language` would rather have
 * (RFC 4647 lookup, by its q values), else the first. Compared without regard to case; never throws.
 */
export function chooseLocale(offered: readonly string[], request: HttpRequest): string {
  const [first = 'en'] = offered;
  const asked = queryOf(request.url)
    .getAll('lang')
    .filter((range) => isRange(range) && range !== '*')
    .slice(0, 1);
  const byQuery = asked.flatMap((range) => lookUp(range, offered) ?? []);
  return byQuery[0] ?? byHeader(headerOf(request.headers, 'accept-language'), offered) ?? first;
}

interface Wish {
  readonly range: string;
  readonly quality: number;
}

function byHeader(header: string | undefined, offered: readonly string[]): string | undefined {
  const wishes = readWishes(header ?? '');
  const unwanted = wishes.filter(({ quality }) => quality === 0).map(({ range }) => range);
  const acceptable = offered.filter((tag) => !unwanted.some((range) => isWithin(tag, range)));
  return wishes
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ range }) => (range === '*' ? acceptable[0] : lookUp(range, acceptable)))
    .find((tag) => tag !== undefined);
}

/** The ranges of a header with their quality, as they come; what is no range is left out. */
function readWishes(header: string): readonly Wish[] {
  return header
    .slice(0, LONGEST_HEADER)
    .split(',', MOST_RANGES)
    .map((part) => {
      const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim());
      const weight = parameters.find((parameter) => /^q\s*=/i.test(parameter));
      const said = weight?.slice(weight.indexOf('=') + 1).trim() ?? '1';
      return { range, quality: QUALITY.test(said) ? Number(said) : 0.001 };
    })
    .filter(({ range }) => isRange(range));
}

function isRange(text: string): boolean {
  return text.length <= LONGEST_RANGE && RANGE.test(text);
}

/**
 * RFC 4647 §3.4: the range itself, then without its last parts, one by one. A language that is only offered for a region
 * serves those who ask for the language, or for another region of it.
 */
function lookUp(range: string, offered: readonly string[]): string | undefined {
  const parts = canonical(range).split('-');
  for (let length = parts.length; length > 0; length -= 1) {
    const prefix = parts.slice(0, length).join('-');
    const found = offered.find((tag) => tag.toLowerCase() === prefix);
    if (found !== undefined) return found;
  }
  return offered.find((tag) => tag.toLowerCase().split('-', 1)[0] === parts[0]);
}

/** In lower case, and as the language is called today: `iw` is `he`. */
function canonical(range: string): string {
  try {
    return (Intl.getCanonicalLocales(range)[0] ?? range).toLowerCase();
  } catch {
    return range.toLowerCase();
  }
}

function isWithin(tag: string, range: string): boolean {
  return range !== '*' && `${tag.toLowerCase()}-`.startsWith(`${canonical(range)}-`);
}
