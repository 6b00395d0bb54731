/** Which money a kit takes: real, test, or both. */
export type Mode = 'live' | 'test' | 'both';

/** `sk_<uuid>_<test|live>_<secret>`; the digits of older keys may be followed by the same. */
const KEY = /^sk_[0-9a-f-]+_(live|test)_/i;
/** This machine under the names that URL parsing leaves: IPv4 in dotted decimals, IPv6 shortened. */
const LOOPBACK =
  /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:.+\])$/;

/** The mode that a key's shape says; `undefined` when it says none. */
export function modeOfKey(apiKey: string | undefined): 'live' | 'test' | undefined {
  const said = KEY.exec(apiKey ?? '')?.[1]?.toLowerCase();
  return said === 'live' || said === 'test' ? said : undefined;
}

/** The mode of a kit that was told none: the key's where its shape says, `both` for an API on this machine, else `live`. */
export function modeOf(apiKey: string | undefined, baseUrl: string): Mode {
  const said = modeOfKey(apiKey);
  if (said !== undefined) return said;
  return LOOPBACK.test(new URL(baseUrl).hostname) ? 'both' : 'live';
}
