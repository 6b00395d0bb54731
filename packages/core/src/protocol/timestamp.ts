import { refused, type FailedSignature } from './signature-result.js';

const DIGITS = /^[0-9]{1,64}$/;
const MAX_INT64 = 9_223_372_036_854_775_807n;

/** Unix seconds as v2 writes them, and v1 but for a `+`: ASCII digits that fit an int64. `undefined` for anything else. */
export function parseUnixSeconds(text: string): number | undefined {
  if (!DIGITS.test(text)) return undefined;
  if (text.length > 18 && BigInt(text) > MAX_INT64) return undefined;
  return Number(text);
}

/** Refuses a time more than `toleranceSeconds` from now, either way; the boundary itself is accepted. */
export function checkAge(
  seconds: number,
  { nowMs, toleranceSeconds }: { readonly nowMs: number; readonly toleranceSeconds: number },
): FailedSignature | undefined {
  const age = Math.floor(nowMs / 1000) - seconds;
  if (Math.abs(age) <= toleranceSeconds) return undefined;
  const direction = age > 0 ? 'behind' : 'ahead of';
  return refused(
    'timestamp_outside_tolerance',
    `signed ${Math.abs(age)} s ${direction} this machine's clock (${toleranceSeconds} s allowed): an old delivery sent again, or a clock that is wrong`,
  );
}
