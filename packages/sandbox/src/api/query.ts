import type { Context } from 'koa';

/** A query parameter's first value, or `undefined` where it is absent or empty. */
export function queryOf(context: Context, name: string): string | undefined {
  const value = context.query[name];
  const first = Array.isArray(value) ? value[0] : value;
  return first === '' ? undefined : first;
}

/** A path parameter, decoded; the router guarantees it. */
export function paramOf(
  context: { readonly params: Readonly<Record<string, string>> },
  name: string,
): string {
  return context.params[name] ?? '';
}
