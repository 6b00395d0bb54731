import { transformSync } from 'rolldown/utils';
import { sourcesOf } from '../packages/tree.js';

/** What the doc comment above an exported function, class or constant says. */
export interface DocComment {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** The code of each `@example`. */
  readonly examples: readonly string[];
}

const DOCUMENTED =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/(?:\s*\/\/.*\n)*\s*(?:@\w+\(.*\)\n)?export (?:async )?(?:function|const|class|abstract class) (\w+)/g;
const TAG = /^@\w+/;

/** The doc comments of one package's exported values, by name. */
export function docCommentsOf(packageName: string): ReadonlyMap<string, DocComment> {
  const found = sourcesOf(packageName).flatMap(({ path, text }) =>
    [...text.matchAll(DOCUMENTED)].map(([, comment = '', name = '']) => {
      const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
      return { name, path, text: lines.join('\n'), examples: examplesIn(lines) };
    }),
  );
  return new Map(found.map((comment) => [comment.name, comment]));
}

function examplesIn(lines: readonly string[]): string[] {
  const examples: string[][] = [];
  let current: string[] | undefined;
  for (const line of lines) {
    if (TAG.test(line)) {
      current = line.startsWith('@example') ? [line.slice('@example'.length)] : undefined;
      if (current !== undefined) examples.push(current);
    } else current?.push(line);
  }
  return examples.map((code) =>
    code
      .filter((line) => !line.trim().startsWith('```'))
      .join('\n')
      .trim(),
  );
}

/** An example, in JavaScript or TypeScript, as the body of an async function: its imports become calls of `load`. */
export function asFunctionBody(example: string, isTypeScript = isTyped(example)): string {
  const code = isTypeScript ? asJavaScript(example) : example;
  return code
    .replaceAll(/^import ('[^']+');$/gm, 'await load($1);')
    .replace(
      /^import (?:(\w+)(?:, )?)?(?:\{([^}]*)\})? ?from '([^']+)';(?: *\/\/.*)?$/gm,
      (_all, whole: string | undefined, named: string | undefined, from: string) => {
        const parts = [
          ...(whole === undefined ? [] : [`default: ${whole}`]),
          ...(named === undefined ? [] : [named.trim().replaceAll(' as ', ': ')]),
        ];
        return `const { ${parts.join(', ')} } = await load('${from}');`;
      },
    );
}

/** Only what decorators and types stand in is translated; everything else runs as it is written. */
const NEEDS_TYPES = /^import type| as \{ |^ *@\w+\(|: [A-Z]\w+\) [{=]/m;

/** Whether an example is TypeScript, by what stands in it. */
export const isTyped = (example: string): boolean => NEEDS_TYPES.test(example);

function asJavaScript(example: string): string {
  const { code, errors } = transformSync('example.ts', example, {
    decorator: { legacy: true },
    helpers: { mode: 'External' },
  });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return code
    .replaceAll(/^(import .*?)"([^"]+)";$/gm, "$1'$2';")
    .replaceAll(/^export (?:\{.*\};)?/gm, '');
}

type Decorator = (target: object, key?: string, at?: number | PropertyDescriptor) => unknown;

/** What translated decorators call, under the name `babelHelpers`. */
export const decoratorHelpers = {
  decorate(decorators: readonly Decorator[], target: object, key?: string): unknown {
    const found = key === undefined ? target : Object.getOwnPropertyDescriptor(target, key);
    let result: unknown = found;
    for (const decorate of decorators.toReversed())
      result = (key === undefined ? decorate(target) : decorate(target, key, found)) ?? result;
    return result;
  },
  decorateParam:
    (at: number, decorate: Decorator): Decorator =>
    (target, key) =>
      decorate(target, key, at),
};
