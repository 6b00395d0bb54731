import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageNames, root } from '../packages/tree.js';

/** The repository's README, and those that stand on the registry. */
export const READMES = ['README.md', ...packageNames.map((name) => `packages/${name}/README.md`)];

/** What merchants read, folders and pages: its code runs as it stands. */
export const GUIDES = ['docs/guides', 'docs/reference', 'docs/return-page.md', ...READMES];

/** One block of JavaScript or TypeScript in a page, as it is run. */
export interface CodeBlock {
  /** From the root of the repository. */
  readonly page: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly language: 'js' | 'ts';
  /** What the page shows, with what it leaves to the reader (a comment that begins `<!-- with`) in front. */
  readonly code: string;
}

/** A block with a name is a file of an app, and run as one: see framework-guides.test.ts. */
const BLOCK = /(?:<!-- with\n((?:(?!-->)[\s\S])*)-->\n+)?```(js|ts)\n([\s\S]*?)\n```/g;

/** Every block of code in a page, or in the pages of a folder. */
export function codeBlocksIn(folder: string): CodeBlock[] {
  return pagesIn(join(root, folder)).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const page = relative(root, path);
    return [...text.matchAll(BLOCK)].map(({ 0: block, index, ...groups }) => {
      const { 1: before = '', 2: language, 3: shown = '' } = groups;
      const line = text
        .slice(0, index + block.lastIndexOf('```', block.length - 4))
        .split('\n').length;
      return { page, line, language: language === 'ts' ? 'ts' : 'js', code: `${before}${shown}` };
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
