import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  filesUnder,
  importsOf,
  matches,
  packageNames,
  root,
  sourcesOf,
  withoutComments,
} from './tree.js';
import type { SourceFile } from './tree.js';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const manifests = packageNames.map(
  (name) =>
    JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest,
);
const entryPoints = new Set(
  manifests.flatMap(({ name, exports }) =>
    Object.keys(exports).map((path) => name + path.slice(1)),
  ),
);
/** Adapters of frameworks, and how many lines of code they may have in all: Nest's is also a module and decorators. */
const adapters: ReadonlyMap<string, number> = new Map([
  ['express', 150],
  ['fastify', 150],
  ['hono', 150],
  ['koa', 150],
  ['nest', 280],
]);
/** What of ours a package that merchants add to the kit may import. */
function allowedFor(name: string): readonly string[] | undefined {
  if (adapters.has(name)) return ['@qbitflow/core', '@qbitflow/core/adapter'];
  if (name.startsWith('store-')) return ['@qbitflow/core', '@qbitflow/core/store'];
  return undefined;
}
const bound = packageNames.flatMap((name) => {
  const allowed = allowedFor(name);
  return allowed === undefined ? [] : [{ name, allowed }];
});

/** Imports that reach past a package's front door, or by a path out of the own package's sources. */
function trespasses({ path, text }: SourceFile): string[] {
  const depth = path.split('/').length - 4; // folders between the file and packages/<name>/src
  return importsOf(withoutComments(text))
    .filter((name) => {
      if (name.startsWith('@qbitflow/')) return !entryPoints.has(name);
      if (name.startsWith('.')) return (name.match(/\.\.\//g) ?? []).length > depth;
      return /^(?:@[^/]+\/)?[^/@.]+\/(?:src|lib|dist|build|esm|cjs)(?:\/|$)/.test(name);
    })
    .map((name) => `${path}: ${name}`);
}

describe('imports of packages/*/src', () => {
  it.each([
    ["import { x } from '@qbitflow/core/dist/x.js';", 1],
    ["const { x } = await import('@qbitflow/core/src/x.ts');", 1],
    ["import { x } from '../../core/src/x.js';", 1],
    ["import { x } from 'koa/lib/context.js';", 1],
    ["import { x } from '@qbitflow/core';\nimport { y } from './y.js';\nimport z from 'koa';", 0],
  ])('tells a trespass: %s', (text, count) => {
    expect(trespasses({ path: 'packages/koa/src/x.ts', text })).toHaveLength(count);
  });

  it.each(packageNames)('%s: through the front door of other packages only', (name) => {
    expect(sourcesOf(name).flatMap(trespasses)).toEqual([]);
  });

  it.each(bound)('$name: nothing of ours but $allowed', ({ name, allowed }) => {
    const ours = sourcesOf(name)
      .flatMap(({ text }) => importsOf(withoutComments(text)))
      .filter((imported) => imported.startsWith('@qbitflow/') && !allowed.includes(imported));
    expect(ours).toEqual([]);
  });
});

describe.each([...adapters])('adapter %s', (name, limit) => {
  it(`is at most ${limit} lines in all`, () => {
    const lines = sourcesOf(name).flatMap(({ text }) =>
      withoutComments(text)
        .split('\n')
        .filter((line) => line.trim() !== ''),
    );
    expect(lines.length).toBeLessThanOrEqual(limit);
  });

  it('chooses no status: the number comes from core', () => {
    const found = sourcesOf(name).flatMap(({ path, text }) =>
      matches({ path, text: withoutComments(text) }, /(?<![\w.])[1-5]\d\d(?![\w.])/),
    );
    expect(found).toEqual([]);
  });
});

describe('every file of the checkout', () => {
  // Put together here, so that this file does not break its own rule.
  const registry = new RegExp(
    [['registry', '(?:npmjs|yarnpkg)'].join('\\.'), '\\bnpm\\.pkg\\.github\\b', '\\btarball:']
      .concat(['https?://[^\\s/"\']*(?:registry|artifactory|nexus|verdaccio)'])
      .join('|'),
  );
  const machinePath = /(?<![\w.:/-])(?:\/(?:home|Users|root|work)\/[\w.-]|[A-Z]:\\\\?Users)/;

  it('tells a registry and a machine path from other addresses', () => {
    const joined = (...parts: string[]) => parts.join('/');
    expect(registry.test(joined('https:', '', ['registry', 'npmjs', 'org'].join('.')))).toBe(true);
    expect(registry.test(joined('https:', '', ['my-nex', 'us.example'].join(''), 'npm'))).toBe(
      true,
    );
    expect(registry.test('https://www.npmjs.com/package/koa')).toBe(false);
    expect(machinePath.test(joined("'", 'home', 'someone'))).toBe(true);
    expect(machinePath.test(joined('cd ', 'work', 'kit'))).toBe(true);
    expect(machinePath.test('https://shop.test/work/order')).toBe(false);
    expect(machinePath.test('/usr/bin/chromium')).toBe(false);
  });

  it('names no package registry and no path of somebody’s machine', () => {
    const files = filesUnder('.');
    expect(files.map((file) => file.path)).toContain('package.json');
    expect(
      files.flatMap((file) => [...matches(file, registry), ...matches(file, machinePath)]),
    ).toEqual([]);
  });
});
