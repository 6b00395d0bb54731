import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takesNode } from '../../scripts/node-versions.mjs';
import { packageNames, root } from './tree.js';

interface Manifest {
  readonly private?: boolean;
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly keywords: readonly string[];
  readonly homepage: string;
  readonly bugs: { readonly url: string };
  readonly funding: { readonly url: string };
  readonly sideEffects: boolean;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional: boolean }>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly publishConfig: { readonly access: string; readonly exports: unknown };
  readonly repository: { readonly directory: string; readonly url: string };
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

/** Exports without the condition that leads to the sources of this checkout. */
function published(exports: unknown): unknown {
  return JSON.parse(
    JSON.stringify(exports, (key, value: unknown) =>
      key === '@qbitflow/source' ? undefined : value,
    ),
  );
}

const publicPackages = packageNames.filter(
  (name) => manifestOf(`packages/${name}`).private !== true,
);

describe.each(publicPackages)('package.json of %s', (name) => {
  const manifest = manifestOf(`packages/${name}`);

  it('publishes what the checkout uses, less the way to the sources', () => {
    expect(manifest.publishConfig.exports).toEqual(published(manifest.exports));
    expect(manifest.publishConfig.access).toBe('public');
  });

  it('agrees with the others about Node, licence, version and where it lives', () => {
    expect(manifest.engines.node).toBe(manifestOf('.').engines.node);
    expect(manifest.license).toBe('MIT');
    expect(manifest.version).toBe(manifestOf('packages/core').version);
    expect(manifest.repository.directory).toBe(`packages/${name}`);
  });

  it('tells a registry what it is about and where to ask', () => {
    const home = manifest.repository.url.replace(/^git\+|\.git$/g, '');
    expect(manifest.keywords).toEqual(expect.arrayContaining(['qbitflow', 'webhooks']));
    expect(new Set(manifest.keywords).size).toBe(manifest.keywords.length);
    expect(manifest.homepage).toBe(`${home}/tree/main/packages/${name}#readme`);
    expect(manifest.bugs.url).toBe(`${home}/issues`);
    expect(manifest.funding.url.startsWith(home)).toBe(true);
    expect(manifest.sideEffects).toBe(false);
  });
});

describe('engines', () => {
  const { node } = manifestOf('.').engines;

  it.each([
    ['20.18.3', false],
    ['20.19.0', true],
    ['20.20.2', true],
    ['21.7.3', false],
    ['22.0.0', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['23.0.0', true],
    ['26.12.1', true],
  ])('what the scripts ask of Node %s is what they say: %s', (version, isTaken) => {
    expect(takesNode(node, version)).toBe(isTaken);
  });

  it('a range that is written otherwise is refused, not passed over', () => {
    expect(() => takesNode('20.x', '20.19.0')).toThrow('not understood');
  });
});

it('clients that a Redis store may be given are optional peers, each with its range', () => {
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifestOf('packages/store-redis');
  const clients = Object.keys(peerDependencies);
  // What packages/store-redis/test/client-versions.test.ts runs on: the ends of these ranges.
  expect(clients).toEqual(['ioredis', 'iovalkey', 'redis']);
  expect(clients.filter((client) => peerDependenciesMeta[client]?.optional !== true)).toEqual([]);
});
