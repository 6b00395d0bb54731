import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageNames, root } from './tree.js';

interface Manifest {
  readonly private?: boolean;
  readonly version: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly publishConfig: { readonly access: string; readonly exports: unknown };
  readonly repository: { readonly directory: string };
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
    expect(manifest.engines.node).toBe('>=20.19.0');
    expect(manifest.license).toBe('MIT');
    expect(manifest.version).toBe(manifestOf('packages/core').version);
    expect(manifest.repository.directory).toBe(`packages/${name}`);
  });
});
