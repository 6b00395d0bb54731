import { QBitFlowError } from '../errors.js';
import { originForm } from './http.js';
import type { Endpoint, Route } from './routes.js';

/** The path of a request's url, without query and without a slash at its end. */
export function pathOf(url: string): string {
  return tidy(originForm(url));
}

/** Whether two paths are the same to a router that does not mind the case of letters, as Express and Koa do not. */
export function isSamePath(path: string, other: string): boolean {
  return (
    path === other || (path.length === other.length && path.toLowerCase() === other.toLowerCase())
  );
}

function tidy(url: string): string {
  const path = url.split('?', 1)[0] ?? '';
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** How paths are compared. */
export interface PathRules {
  /** Whether `/Webhook` is another path than `/webhook`: what the app has told its framework. @default false */
  readonly caseSensitive?: boolean | undefined;
}

/** The endpoint mounted for a path below `basePath`, or `undefined`. */
export function findRoute(
  routes: readonly Route[],
  basePath: string,
  path: string,
  { caseSensitive = false }: PathRules = {},
): Endpoint | undefined {
  const isSame = caseSensitive ? Object.is : isSamePath;
  if (!isSame(path.slice(0, basePath.length), basePath)) return undefined;
  const segments = path.slice(basePath.length).split('/');
  return routes.find((route) => matches(route.path.split('/'), segments, isSame))?.endpoint;
}

function matches(
  pattern: readonly string[],
  segments: readonly string[],
  isSame: (part: string, segment: string) => boolean,
): boolean {
  return (
    pattern.length === segments.length &&
    segments.every((segment, index) => {
      const part = pattern[index] ?? '';
      return part.startsWith(':') ? segment !== '' : isSame(part, segment);
    })
  );
}

/** A path to mount under, without a slash at its end. Throws `misconfigured` for one that could never match. */
export function mountPath(path: string): string {
  // Code without types may leave it out.
  const text = typeof path === 'string' ? tidy(path) : 'nothing';
  if (text === '/' || text === '') return '';
  if (text.startsWith('/') && !/[?#]/.test(path)) return text;
  throw new QBitFlowError(
    'misconfigured',
    `'${path}' is no path to mount under: it starts with a slash and has no query, e.g. '/qbitflow'`,
  );
}
