import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** What merchants read, folders and pages: its code runs as it stands. */
export const GUIDES = ['docs/guides', 'docs/reference', 'docs/return-page.md'];

/** One block of JavaScript in a page, as it is run. */
export interface CodeBlock {
  /** From the root of the repository. */
  readonly page: string;
  /** Where it begins, from 1. */
  readonly line: number;
  /** What the page shows, with what it leaves to the reader (a comment that begins `<!-- with`) in front. */
  readonly code: string;
}

const BLOCK = /(?:<!-- with\n((?:(?!-->)[\s\S])*)-->\n+)?```js\n([\s\S]*?)\n```/g;

/** Every block of JavaScript in a page, or in the pages of a folder. */
export function codeBlocksIn(folder: string): CodeBlock[] {
  return pagesIn(join(root, folder)).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const page = relative(root, path);
    return [...text.matchAll(BLOCK)].map(({ 0: block, 1: before = '', 2: shown = '', index }) => {
      const at = index + block.lastIndexOf('```js');
      return { page, line: text.slice(0, at).split('\n').length, code: `${before}${shown}` };
    });
  });
}

function pagesIn(folder: string): string[] {
  if (folder.endsWith('.md')) return [folder];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .toSorted();
}
