import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readManifest } from '../manifest.js';
import { fail, type Finding, ok, skipped, warn } from './finding.js';
import type { SetUp } from './set-up.js';
import { isInRange } from './version-range.js';

/** A package as it is installed. */
interface Installed {
  readonly name: string;
  readonly version: string;
  /** Its real folder: packages beside it are looked for from there, as Node does. */
  readonly folder: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Looks at Node, and at the kit's packages that this folder's project has and what stands beside them. */
export function* checkPackages({ folder, nodeVersion }: SetUp): Generator<Finding, void> {
  const names = namesIn(folder);
  const there = names.flatMap((name) => find(name, folder) ?? []);
  const absent = names.filter((name) => !there.some((one) => one.name === name));
  const core = there.find(({ name }) => name === CORE) ?? find(CORE, folder);
  yield aboutNode(nodeVersion, core);
  if (names.length === 0) {
    yield skipped(
      'packages',
      `no @qbitflow package in ${join(folder, 'package.json')}: run it in your app's folder`,
    );
    return;
  }
  const faults = [...absent.map(missing), ...versionsOf(there), ...there.flatMap(peersOf)];
  yield* faults;
  if (faults.length === 0)
    yield ok('packages', there.map(({ name, version }) => `${name} ${version}`).join(', '));
}

const CORE = '@qbitflow/core';

function aboutNode(version: string, core: Installed | undefined): Finding {
  const range = textsIn(core?.manifest['engines'])['node'];
  if (range !== undefined && isInRange(version, range) === false)
    return fail('node', `Node ${version}, and the kit runs on ${range}`, 'use a newer Node');
  return ok('node', `Node ${version}`);
}

/** The kit's packages that a project says it needs. */
function namesIn(folder: string): readonly string[] {
  const manifest = readManifest(join(folder, 'package.json'));
  const named = {
    ...textsIn(manifest?.['devDependencies']),
    ...textsIn(manifest?.['dependencies']),
  };
  return Object.keys(named)
    .filter((name) => name.startsWith('@qbitflow/'))
    .toSorted();
}

/** The package that an import from a folder finds. Read from the disk: not every package lets its manifest be imported. */
function find(name: string, folder: string): Installed | undefined {
  for (const place of placesAbove(folder)) {
    const file = join(place, name, 'package.json');
    const manifest = readManifest(file);
    const version = manifest?.['version'];
    if (manifest !== undefined && typeof version === 'string')
      return { name, version, manifest, folder: dirname(realpathSync(file)) };
  }
  return undefined;
}

/** The folders of packages that an import looks into, the nearest first. Not `NODE_PATH`, which is for `require` alone. */
function placesAbove(folder: string): readonly string[] {
  const above = dirname(folder);
  const here = join(folder, 'node_modules');
  return above === folder ? [here] : [here, ...placesAbove(above)];
}

function missing(name: string): Finding {
  return fail('packages', `${name} is in package.json and not installed`, 'install (npm install)');
}

/** All of them are released together. */
function versionsOf(there: readonly Installed[]): readonly Finding[] {
  const versions = new Set(there.map(({ version }) => version));
  if (versions.size <= 1) return [];
  const list = there.map(({ name, version }) => `${name} ${version}`).join(', ');
  return [
    warn(
      'packages',
      `of different versions: ${list}`,
      'they are made for each other: update them together',
    ),
  ];
}

/** Frameworks and drivers that do not fit. What is not there may not be needed: of several drivers one is enough. */
function peersOf({ name, manifest, folder }: Installed): readonly Finding[] {
  return Object.entries(textsIn(manifest['peerDependencies'])).flatMap(([peer, range]) => {
    const found = peer.startsWith('@types/') ? undefined : find(peer, folder);
    if (found === undefined || isInRange(found.version, range) !== false) return [];
    return [
      fail(
        'packages',
        `${peer} ${found.version} beside ${name}, which works with ${range}`,
        `install ${peer} in that range`,
      ),
    ];
  });
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) =>
      typeof text === 'string' ? [[name, text]] : [],
    ),
  );
}
