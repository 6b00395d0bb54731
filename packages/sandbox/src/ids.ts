/** Where every id, hash and random delay of the sandbox comes from: one function, so a test can fix them all. */
export interface Ids {
  /** A version 4 UUID. */
  readonly uuid: () => string;
  /** `length` lower-case hexadecimal digits. */
  readonly hex: (length: number) => string;
}

/** Ids out of a source of numbers in [0, 1). */
export function createIds(random: () => number): Ids {
  const digit = (from: string): string => from.charAt(Math.floor(random() * from.length));
  const hex = (length: number): string =>
    Array.from({ length }, () => digit('0123456789abcdef')).join('');
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-${digit('89ab')}${hex(3)}-${hex(12)}`;
  return { uuid, hex };
}
