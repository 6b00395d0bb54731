import type { JsonObject } from '../json-object.js';

/** `sent` under other names. A name that is there already wins over the old one for the same field. */
export function rename(sent: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => {
      const ours = names.get(name) ?? name;
      return ours !== name && Object.hasOwn(sent, ours) ? [] : [[ours, value]];
    }),
  );
}
