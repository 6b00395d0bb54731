import type { WebhookEvent } from '../event/types.js';

/** A body read as an event, or what is wrong with it: where and which JSON types, never a value. */
export type ParseResult =
  | { readonly ok: true; readonly event: WebhookEvent }
  | { readonly ok: false; readonly problem: string };

/** The result for a body that is no event. */
export function unreadable(problem: string): ParseResult {
  return { ok: false, problem };
}

/** What this module needs to know of a zod issue. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly code?: string | undefined;
  readonly expected?: string | undefined;
}

/** The first issue of a failed validation as `data.amount: expected number, got string`. */
export function problemOf(issues: readonly Issue[], value: unknown, root = ''): string {
  const [issue] = issues;
  if (issue === undefined) return `${root}: not valid`;
  const where = [...(root === '' ? [] : [root]), ...issue.path.map(String)].join('.');
  // The only unions in the schemas are those of number and string.
  const expected =
    issue.code === 'invalid_union' ? 'number or string' : (issue.expected ?? 'another value');
  return `${where === '' ? 'body' : where}: expected ${expected}, got ${jsonTypeOf(at(value, issue.path))}`;
}

/** The JSON type of a value, as problems name it. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'array';
  // JSON.parse makes Infinity of numbers beyond float64.
  return typeof value === 'number' && !Number.isFinite(value)
    ? 'a number beyond float64'
    : typeof value;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
