import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { root } from '../tree.js';

const run = promisify(execFile);

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package as it is published, unpacked. */
export interface PackedPackage {
  /** Its folder in this checkout. */
  readonly source: string;
  /** The unpacked tarball. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Packs packages of this checkout, by folder name, into `out`. They have to be built. */
export async function packAll(
  names: readonly string[],
  out: string,
): Promise<readonly PackedPackage[]> {
  return Promise.all(
    names.map(async (name) => pack(join(root, 'packages', name), join(out, name))),
  );
}

async function pack(source: string, out: string): Promise<PackedPackage> {
  await mkdir(out, { recursive: true });
  // pnpm, not npm: only pnpm rewrites `workspace:^` and takes `publishConfig.exports`.
  const { stdout } = await run('pnpm', ['pack', '--json', '--pack-destination', out], {
    cwd: source,
  });
  const { filename } = JSON.parse(stdout) as { readonly filename: string };
  await run('tar', ['-xzf', filename, '-C', out]);
  const folder = join(out, 'package');
  const manifest = await readFile(join(folder, 'package.json'), 'utf8');
  return { source, folder, manifest: JSON.parse(manifest) as Manifest };
}

/**
 * An app with packed packages and, by name, some version of others (`aliases` of this folder's dependencies), laid out
 * like pnpm's global virtual store: a package reaches what it declares and nothing else. Gone when the test has ended.
 */
export async function installApp(
  packed: readonly PackedPackage[],
  aliases: Readonly<Record<string, string>>,
): Promise<string> {
  const base = await mkdtemp(join(tmpdir(), 'qbitflow-app-'));
  onTestFinished(async () => rm(base, { recursive: true, force: true }));
  // Beside the app, not below it: what the app has installed is out of a package's reach.
  const [app, store] = [join(base, 'app'), join(base, 'store')];
  const places = new Map<string, string>();
  for (const [name, alias] of Object.entries(aliases))
    places.set(name, await realpath(join(root, 'test', 'node_modules', alias)));
  for (const { manifest, folder } of packed) {
    const place = join(modulesOf(store, manifest.name), manifest.name);
    // A copy: through a link it would look its imports up beside the tarball.
    await cp(folder, place, { recursive: true });
    places.set(manifest.name, place);
  }
  for (const one of packed) await linkDeclared(one, modulesOf(store, one.manifest.name), places);
  for (const [name, place] of places) await link(join(app, 'node_modules', name), place);
  return app;
}

const modulesOf = (store: string, name: string): string => join(store, name, 'node_modules');

async function linkDeclared(
  { source, manifest }: PackedPackage,
  modules: string,
  places: ReadonlyMap<string, string>,
): Promise<void> {
  const { dependencies = {}, peerDependencies = {} } = manifest;
  for (const name of Object.keys(dependencies))
    await link(join(modules, name), places.get(name) ?? join(source, 'node_modules', name));
  for (const name of Object.keys(peerDependencies)) {
    const place = places.get(name);
    if (place !== undefined) await link(join(modules, name), place);
  }
}

async function link(place: string, target: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await symlink(await realpath(target), place);
}
