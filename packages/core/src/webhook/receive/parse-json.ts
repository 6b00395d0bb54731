/** A JSON value, or why there is none. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly value?: undefined };

const BYTE_ORDER_MARK = '\uFEFF';

/** Reads JSON from bytes. A byte order mark in front, which some proxies add, is passed over. */
export function parseJson(bytes: Buffer): JsonResult {
  const text = bytes.toString('utf8');
  try {
    return { ok: true, value: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) };
  } catch {
    return { ok: false };
  }
}
