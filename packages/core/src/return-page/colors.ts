/** A colour's red, green and blue, 0 to 255. */
type Rgb = readonly [red: number, green: number, blue: number];

/** What links may stand on: the page's card, and the page around it. */
export const BACKGROUNDS = {
  light: { card: '#ffffff', page: '#f4f5f7' },
  dark: { card: '#17181c', page: '#0d0e11' },
} as const;
/** How well text has to be told from what it stands on (WCAG 2.2, 1.4.3). */
const TEXT_RATIO = 4.5;
/** Of what is no text: a button's edge (1.4.11). */
const EDGE_RATIO = 3;

const BLACK = '#000000';
const WHITE = '#ffffff';

/** The colours of a mode that come from the accent, each as `#rrggbb`. */
export interface AccentColors {
  /** Of links: readable on the card and around it. */
  readonly text: string;
  /** Of buttons: the accent itself. */
  readonly fill: string;
  /** On buttons: readable there. */
  readonly onFill: string;
  /** Around buttons: seen on the card where the fill is not. */
  readonly edge: string;
}

/** What becomes of an accent (`#rgb` or `#rrggbb`) on a light and on a dark card: readable whatever it is. */
export function accentColors(accent: string): Record<'light' | 'dark', AccentColors> {
  const fill = toHex(toRgb(accent));
  const onFill = contrast(fill, WHITE) >= TEXT_RATIO ? WHITE : BLACK;
  const on = (backgrounds: Backgrounds): AccentColors => {
    const text = readable(fill, backgrounds);
    const isSeen = contrast(fill, backgrounds.card) >= EDGE_RATIO;
    return { text, fill, onFill, edge: isSeen ? fill : text };
  };
  return { light: on(BACKGROUNDS.light), dark: on(BACKGROUNDS.dark) };
}

/** How well two colours are told apart, 1 to 21 (WCAG's contrast ratio). */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

type Backgrounds = (typeof BACKGROUNDS)[keyof typeof BACKGROUNDS];

/** The colour, made darker or lighter in small steps until it can be read on both backgrounds. */
function readable(color: string, { card, page }: Backgrounds): string {
  const end = contrast(BLACK, card) > contrast(WHITE, card) ? BLACK : WHITE;
  for (let part = 0; part < 1; part += 0.02) {
    const step = mix(color, end, part);
    if (Math.min(contrast(step, card), contrast(step, page)) >= TEXT_RATIO) return step;
  }
  return end;
}

function mix(from: string, to: string, part: number): string {
  const [a, b] = [toRgb(from), toRgb(to)];
  const at = (index: 0 | 1 | 2): number => Math.round(a[index] + (b[index] - a[index]) * part);
  return toHex([at(0), at(1), at(2)]);
}

function luminance(color: string): number {
  const [red, green, blue] = toRgb(color);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function toRgb(color: string): Rgb {
  const digits = color.slice(1);
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const value = Number.parseInt(full, 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function toHex([red, green, blue]: Rgb): string {
  return `#${((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0')}`;
}
