import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** The checkout. */
export const root = join(import.meta.dirname, '..', '..');

/** A text file of the checkout; `path` is relative to it, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What .gitignore leaves out, and what git and tools keep for themselves. */
const SKIPPED = new Set([
  'node_modules',
  'dist',
  '.git',
  '.turbo',
  '.tools',
  'coverage',
  'artefacts',
]);
const BINARY = new Set(['.png', '.jpg', '.ico', '.gif', '.woff2', '.tgz', '.db', '.tsbuildinfo']);

/** Every text file under `folder` (relative to the checkout); none when the folder does not exist. */
export function filesUnder(folder: string): SourceFile[] {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true }).flatMap((entry) => {
    const path = relative(root, join(start, entry.name));
    // `.git` is a file in a further work tree.
    if (SKIPPED.has(entry.name)) return [];
    if (entry.isDirectory()) return filesUnder(path);
    if (!entry.isFile() || BINARY.has(extname(entry.name))) return [];
    return [{ path: path.split(sep).join('/'), text: readFileSync(join(root, path), 'utf8') }];
  });
}

/** The packages that exist, by folder name. */
export const packageNames: readonly string[] = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json')),
);

/** The TypeScript sources of one package. */
export function sourcesOf(name: string): SourceFile[] {
  return filesUnder(`packages/${name}/src`).filter((file) => file.path.endsWith('.ts'));
}

/** The same text with comments blanked out, line for line. A `//` after a colon is a URL, not a comment. */
export function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

/** `path:line: text` of every match. */
export function matches(file: SourceFile, pattern: RegExp): string[] {
  return file.text.split('\n').flatMap((line, index) => {
    const found = new RegExp(pattern.source, pattern.flags.replace('g', '')).test(line);
    return found ? [`${file.path}:${index + 1}: ${line.trim()}`] : [];
  });
}

/** Module names in `import … from`, `import()` and `require()`. */
export function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"\n]+)['"]/g);
  return [...found].map((match) => match[1] ?? '');
}
