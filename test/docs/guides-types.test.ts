// Every block of code in the guides and READMEs is also what the types say: an editor shows no red line to who copies it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { codeBlocksIn, GUIDES, type CodeBlock } from './code-blocks.js';
import { docCommentsOf, isTyped } from './doc-comments.js';
import { packageNames } from '../packages/tree.js';

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

/** What tsc has to say of these modules. Their folder is below this one, so that they find the packages. */
function check(modules: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(import.meta.dirname, '.blocks-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [name, code] of Object.entries(modules)) writeFileSync(join(folder, name), code);
  const options = {
    extends: '../../tsconfig.json',
    compilerOptions: {
      allowJs: true,
      experimentalDecorators: true,
      checkJs: true,
      noEmit: true,
      noImplicitAny: false,
      noUnusedLocals: false,
      noUnusedParameters: false,
      noPropertyAccessFromIndexSignature: false,
      rootDir: '../../..',
    },
    include: ['*.mjs', '*.mts'],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  const args = [join(typescript, 'bin', 'tsc'), '-p', folder, '--pretty', 'false'];
  return spawnSync(process.execPath, args, { encoding: 'utf8', cwd: folder }).stdout;
}

const nameOf = ({ page, line, language }: CodeBlock): string =>
  `${page.replaceAll(/[/.]/g, '-')}-${line}.m${language}`;

/** The servers of other runtimes, as far as the kit's handler has to fit them. */
const RUNTIMES = `declare global {
  type Handler = (request: Request) => Response | Promise<Response>;
  const Bun: {
    serve(options: { readonly port: number; readonly idleTimeout: number; readonly fetch: Handler }): unknown;
  };
  const Deno: { serve(options: { readonly port: number }, handler: Handler): unknown };
}
export {};
`;

const TYPO =
  "import { createQBitFlow } from '@qbitflow/core';\ncreateQBitFlow().on('payment.complete', () => undefined);\n";
const WRONG = "import { createQBitFlow } from '@qbitflow/core';\ncreateQBitFlow().recieve;\n";

/** The examples of the doc comments, as modules. */
const examples = packageNames.flatMap((name) =>
  [...docCommentsOf(name).values()].flatMap((comment) =>
    comment.examples
      .filter((code) => /^import /m.test(code))
      .map((code, at) => [`${name}-${comment.name}-${at}.m${isTyped(code) ? 'ts' : 'js'}`, code]),
  ),
);

test('the blocks of the guides and READMEs and the examples of doc comments have the types that they seem to have; a word that does not exist is found', () => {
  const blocks = [...GUIDES, 'docs/platforms.md'].flatMap(codeBlocksIn);
  const modules = blocks.map((block) => [nameOf(block), block.code] as const);
  const said = check({
    ...Object.fromEntries([...modules, ...examples]),
    'runtimes.d.mts': RUNTIMES,
    'typo.mjs': TYPO,
    'wrong.mjs': WRONG,
  });
  expect(said.trim().split('\n')).toEqual([
    expect.stringMatching(
      /^typo\.mjs\(2,21\).*'"payment\.complete"' .* \| "payment\.completed" \|/,
    ),
    expect.stringMatching(/^wrong\.mjs\(2,18\).*Property 'recieve' does not exist/),
  ]);
}, 120_000);
