import { QBitFlowError } from '../errors.js';
import type { Endpoint, Route } from './endpoints.js';

/** The path of a request's url, without query and without a slash at its end. */
export function pathOf(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** The endpoint mounted for a path below `basePath`, or `undefined`. */
export function findRoute(
  routes: readonly Route[],
  basePath: string,
  path: string,
): Endpoint | undefined {
  if (!path.startsWith(basePath)) return undefined;
  const segments = path.slice(basePath.length).split('/');
  return routes.find((route) => matches(route.path.split('/'), segments))?.endpoint;
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) =>
      part.startsWith(':') ? segments[index] !== '' : part === segments[index],
    )
  );
}

/** A path to mount under, without a slash at its end. Throws `misconfigured` for one that could never match. */
export function mountPath(path: string): string {
  // Code without types may leave it out.
  const text = typeof path === 'string' ? pathOf(path) : 'nothing';
  if (text === '/' || text === '') return '';
  if (text.startsWith('/') && !/[?#]/.test(path)) return text;
  throw new QBitFlowError(
    'misconfigured',
    `'${path}' is no path to mount under: it starts with a slash and has no query, e.g. '/qbitflow'`,
  );
}
