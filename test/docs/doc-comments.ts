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
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/(?:\s*\/\/.*\n)*\s*export (?:async )?(?:function|const|class|abstract class) (\w+)/g;
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

/** An example as the body of an async function: its imports become calls of `load`. */
export function asFunctionBody(example: string): string {
  return example.replace(
    /^import (?:(\w+)(?:, )?)?(?:\{([^}]*)\})? ?from '([^']+)';$/gm,
    (_all, whole: string | undefined, named: string | undefined, from: string) => {
      const parts = [
        ...(whole === undefined ? [] : [`default: ${whole}`]),
        ...(named === undefined ? [] : [named.trim().replaceAll(' as ', ': ')]),
      ];
      return `const { ${parts.join(', ')} } = await load('${from}');`;
    },
  );
}
