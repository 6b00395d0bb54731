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
