import { build, type Plugin } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { type SizeCeiling, SIZES } from './ceilings.js';

/** Bytes of a bundle by the package they come from. */
type Sizes = Readonly<Record<string, number>>;

const OWN = 'the kit';
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/;

/** What is loaded on demand becomes files of its own, which the app starts without. */
const onDemand: Plugin = {
  name: 'on-demand',
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

/** What an app starts with, minified. */
async function sizesOf(code: string): Promise<Sizes> {
  const { metafile } = await build({
    stdin: { contents: code, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
    plugins: [onDemand],
  });
  const sizes: Record<string, number> = {};
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = PACKAGE.exec(path)?.[1] ?? OWN;
      if (bytesInOutput > 0) sizes[name] = (sizes[name] ?? 0) + bytesInOutput;
    }
  return sizes;
}

/** What is over a ceiling, and by how much. */
function over({ kilobytes, ownKilobytes, others }: SizeCeiling, sizes: Sizes): readonly string[] {
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0) / 1_000;
  const own = (sizes[OWN] ?? 0) / 1_000;
  const told = JSON.stringify(sizes);
  return [
    ...(all > kilobytes ? [`${all} kB, at most ${kilobytes}: ${told}`] : []),
    ...(own > ownKilobytes ? [`${own} kB of our own, at most ${ownKilobytes}: ${told}`] : []),
    ...Object.keys(sizes)
      .filter((name) => name !== OWN && !others.includes(name))
      .map((name) => `another package: ${name}`),
  ];
}

describe('what an app starts with when it is bundled', () => {
  it.each(SIZES)('$name', async (ceiling) => {
    const sizes = await sizesOf(ceiling.code);
    expect(sizes[OWN]).toBeGreaterThan(0);
    expect(over(ceiling, sizes)).toEqual([]);
  });

  it('an excess is found, of the kit and of another package', async () => {
    const [signature] = SIZES;
    if (signature === undefined) throw new Error('there are no ceilings');
    const kit = await sizesOf(`import '@qbitflow/core'; ${signature.code}
      import { createQBitFlow } from '@qbitflow/core'; console.log(createQBitFlow);`);
    expect(over(signature, kit)).toEqual([
      expect.stringMatching(/^\d+\.\d+ kB, at most/),
      expect.stringMatching(/kB of our own, at most/),
      'another package: zod',
    ]);
  });
});
