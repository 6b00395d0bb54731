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
  return routes.find((route) => basePath + route.path === path)?.endpoint;
}

/** A path to mount under, without a slash at its end. Throws `misconfigured` for one that could never match. */
export function mountPath(path: string): string {
  const text = pathOf(path);
  if (text === '/' || text === '') return '';
  if (text.startsWith('/') && !/[?#]/.test(path)) return text;
  throw new QBitFlowError(
    'misconfigured',
    `'${path}' is no path to mount under: it starts with a slash and has no query, e.g. '/qbitflow'`,
  );
}
