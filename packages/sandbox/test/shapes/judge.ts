import type { z } from 'zod';
import { shapes, type Shape } from './registry.js';

/** Says whether bodies are QBitFlow's, and remembers which shapes it saw. */
export interface Judge {
  /** An answer of the API: `request` is `<method> /<generation>/<path>`. Throws for one that has no shape or not its shape. */
  readonly answer: (request: string, status: number, body: unknown) => void;
  /** The body of a webhook. */
  readonly webhook: (generation: Generation, body: unknown) => void;
  /** A message of v1's WebSocket. */
  readonly message: (body: unknown) => void;
  /** The shapes that were met so far, as `<generation> <name>`. */
  readonly met: () => string[];
}

type Generation = keyof typeof shapes;

/** A judge that saw nothing yet. */
export function createJudge(): Judge {
  const met = new Set<string>();
  const hold = (generation: Generation, place: string, body: unknown): void => {
    met.add(`${generation} ${shapeOf(generation, place, body)}`);
  };
  return {
    answer(request, status, body) {
      const [, method = '', generation = '', path = ''] =
        /^(\S+) \/(v[12])(\/[^?]*)/.exec(request) ?? [];
      if (generation !== 'v1' && generation !== 'v2') throw new Error(`no API's: ${request}`);
      const failed = status < 200 || status > 299;
      hold(generation, failed ? 'error' : routeOf(generation, `${method} ${path}`), body);
    },
    webhook(generation, body) {
      hold(generation, `webhook ${typeOf(generation, body)}`, body);
    },
    message(body) {
      hold('v1', 'message', body);
    },
    met: () => [...met].toSorted(),
  };
}

/** Every shape there is, as `<generation> <name>`. */
export function shapeNames(): string[] {
  return Object.entries(shapes)
    .flatMap(([generation, named]) => Object.keys(named).map((name) => `${generation} ${name}`))
    .toSorted();
}

/** v1's transaction webhook is the one without a `type`; the id that marks the dashboard's test is a transaction's too. */
function typeOf(generation: Generation, body: unknown): string {
  const { type, uuid }: { type?: unknown; uuid?: unknown } = Object(body);
  if (typeof type === 'string') return type;
  if (generation === 'v2') return 'without a type';
  return uuid === 'test-webhook-id' ? 'connectivity test' : 'transaction';
}

function routeOf(generation: Generation, request: string): string {
  const asked = request.replace(/\/$/, '').split('/');
  const routes = Object.values(shapes[generation]).flatMap(({ of }) => of);
  return routes.find((route) => isRoute(route.split('/'), asked)) ?? request;
}

function isRoute(route: readonly string[], asked: readonly string[]): boolean {
  return (
    route.length === asked.length &&
    route.every((part, index) => part.startsWith(':') || part === asked[index])
  );
}

/** The name of the shape that a body has; throws with what keeps it from the nearest one. */
function shapeOf(generation: Generation, place: string, body: unknown): string {
  const tried = Object.entries(shapes[generation])
    .filter(([, { of }]) => of.includes(place))
    .map(([name, shape]) => ({ name, problems: problemsOf(shape, body) }));
  const [nearest] = tried.toSorted((a, b) => a.problems.length - b.problems.length);
  if (nearest === undefined) throw new Error(`no shape for ${generation} ${place}`);
  if (nearest.problems.length === 0) return nearest.name;
  throw new Error(
    `not QBitFlow's: ${generation} ${nearest.name} (${place})\n  ${nearest.problems.join('\n  ')}\n${JSON.stringify(body)}`,
  );
}

function problemsOf({ schema }: Shape, body: unknown): string[] {
  // What is sent is JSON: a field that is undefined is left out.
  const sent: unknown = JSON.parse(JSON.stringify(body) ?? 'null');
  const { error } = schema.safeParse(sent);
  return error === undefined ? [] : error.issues.flatMap((issue) => problemLines(issue, []));
}

/** An issue as text; of a union, what is wrong with the branch that comes nearest. */
function problemLines(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): string[] {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return [`${path.map(String).join('.') || 'the body'}: ${issue.message}`];
  const branches = issue.errors.map((errors) => errors.flatMap((one) => problemLines(one, path)));
  return branches.toSorted((a, b) => a.length - b.length)[0] ?? [];
}
