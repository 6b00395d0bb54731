/**
 * A value that is made when it is first asked for, and once: zod's schemas cost more than all the rest of an import, and
 * most processes need few of them. `make` is to give the same whenever it is called.
 */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
