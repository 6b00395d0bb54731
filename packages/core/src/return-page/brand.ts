import { assertKnownOptions, misconfigured } from '../known-options.js';

/** Whose page it is. All of it is checked when the page is mounted. */
export interface Brand {
  /** The shop's name, 1 to 60 characters: on the page, in its title and on the receipt. */
  readonly name: string;
  /**
   * A path, an http(s) URL, or the picture itself as a `data:` URL (PNG, JPEG, WebP, GIF or SVG in base64 or percent
   * encoding, 8,192 characters at most): then the page stays one request. Shown 40 px high.
   */
  readonly logo?: string | undefined;
  /**
   * Of buttons and links, as `#rgb` or `#rrggbb`. Where it would be hard to read it is made darker or lighter, on light
   * pages and on dark ones. @default a blue
   */
  readonly accent?: string | undefined;
  /** Where "Back to …" leads: a path or an http(s) URL. */
  readonly homeUrl?: string | undefined;
  /** Where customers find help: a path, or an http(s), `mailto:` or `tel:` URL. */
  readonly supportUrl?: string | undefined;
}

const NAMES = Object.keys({
  name: true,
  logo: true,
  accent: true,
  homeUrl: true,
  supportUrl: true,
} satisfies Record<keyof Brand, true>);

const LONGEST_NAME = 60;
const LONGEST_LOGO = 8_192;
const ACCENT = /^#(?:[\da-f]{3}|[\da-f]{6})$/i;
const LOGO_DATA =
  /^data:image\/(?:png|jpeg|webp|gif|svg\+xml)(?:;(?:base64|utf8|charset=utf-8))*,[\w%+/=.~!*'()-]+$/i;
/** Nothing outside of a page's own place has it, so a path keeps it when it is resolved. */
const NO_HOST = 'http://path.invalid';

/**
 * A copy of a brand that can be shown. Throws `misconfigured` for one that cannot. `call`: whose option it is, for the
 * message.
 */
export function checkBrand(call: string, brand: Brand): Brand {
  const what = `${call}: brand`;
  assertKnownOptions(what, brand, NAMES);
  const { name, logo, accent, homeUrl, supportUrl } = brand;
  if (typeof name !== 'string' || name.trim() === '' || name.length > LONGEST_NAME)
    throw misconfigured(`${what}.name is the shop's name, 1 to ${LONGEST_NAME} characters`);
  if (accent !== undefined && (typeof accent !== 'string' || !ACCENT.test(accent)))
    throw misconfigured(`${what}.accent is no colour: write it as #rgb or #rrggbb, e.g. '#0a7'`);
  return Object.freeze({
    name: name.trim(),
    logo: logo === undefined ? undefined : checkLogo(`${what}.logo`, logo),
    accent: accent?.toLowerCase(),
    homeUrl: homeUrl === undefined ? undefined : checkLink(`${what}.homeUrl`, homeUrl),
    supportUrl:
      supportUrl === undefined
        ? undefined
        : checkLink(`${what}.supportUrl`, supportUrl, /^(?:mailto|tel):[^\s"<>]+$/i),
  });
}

function checkLogo(what: string, logo: string): string {
  if (typeof logo === 'string' && /^\s*data:/i.test(logo)) {
    if (logo.length > LONGEST_LOGO)
      throw misconfigured(
        `${what} has ${logo.length} characters, which every customer would load with the page: a data: URL may have ${LONGEST_LOGO}; make the picture smaller (an SVG, or a PNG 80 px high), or give its URL`,
      );
    if (LOGO_DATA.test(logo)) return logo;
    throw misconfigured(
      `${what} is no picture: a data: URL begins with data:image/ and png, jpeg, webp, gif or svg+xml, and its data is in base64 or percent encoding`,
    );
  }
  return checkLink(what, logo);
}

/**
 * A link that a page may show: a path, or an http(s) URL without credentials, or what `also` matches. Throws
 * `misconfigured` for anything else, scripts among it.
 */
export function checkLink(what: string, link: string, also?: RegExp): string {
  const found = typeof link === 'string' ? placeOf(link) : undefined;
  if (found !== undefined) return found;
  if (typeof link === 'string' && also?.test(link) === true) return link;
  const other = also === undefined ? '' : ', or a mailto: or tel: URL';
  throw misconfigured(
    `${what} is no place to send a customer: use a path ('/shop') or an absolute http(s) URL without credentials${other}`,
  );
}

/** A path or an http(s) URL as a browser reads it; `undefined` for what is neither. */
export function placeOf(target: string): string | undefined {
  const url = URL.canParse(target, NO_HOST) ? new URL(target, NO_HOST) : undefined;
  // `//host`, `/\host` and `/<tab>/host` look like paths and are hosts to a browser: the parser tells.
  if (target.startsWith('/') && url?.origin === NO_HOST)
    return url.pathname.startsWith('//') ? undefined : url.pathname + url.search + url.hash;
  const isWeb = /^https?:\/\//i.test(target) && url !== undefined;
  return isWeb && url.username === '' && url.password === '' ? url.href : undefined;
}
