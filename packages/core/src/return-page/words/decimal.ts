/** What a number may be at most in digits: more is no amount but an attack on the page's layout. */
const MOST_DIGITS = 100;

const NUMBER = /^(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;

/** A number that is not negative in its digits: `{ whole: '12', fraction: '50' }` is 12.50. */
export interface Decimal {
  /** Without zeros at its front; `'0'` for none. */
  readonly whole: string;
  readonly fraction: string;
}

/**
 * Reads a number as JSON writes it, or the text of one, without losing a digit: `1e21` and `'0.000001'` are what they
 * are. `undefined` for what is negative, infinite, no number or longer than 100 digits.
 */
export function readDecimal(value: number | string): Decimal | undefined {
  const [all, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(String(value)) ?? [];
  if (all === undefined) return undefined;
  const point = whole.length + Number(exponent);
  if (Math.max(point, whole.length + fraction.length) - Math.min(point, 0) > MOST_DIGITS)
    return undefined;
  const digits = `${'0'.repeat(Math.max(0, -point))}${whole}${fraction}`.padEnd(point, '0');
  const at = Math.max(0, point);
  return { whole: trimZeros(digits.slice(0, at)), fraction: digits.slice(at) };
}

/** An amount of a chain's smallest units as a decimal, `'1500000'` of 6 decimals as `1.5`; `undefined` for what is none. */
export function fromMinUnits(units: string, decimals: number): Decimal | undefined {
  if (!/^\d+$/.test(units) || !Number.isInteger(decimals) || decimals < 0) return undefined;
  const read = decimals > MOST_DIGITS ? undefined : readDecimal(`${units}e-${decimals}`);
  return read && { ...read, fraction: read.fraction.replace(/0+$/, '') };
}

/** As plain text, `12.50`: never with an exponent. */
export function decimalText({ whole, fraction }: Decimal): string {
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function trimZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '') || '0';
}
