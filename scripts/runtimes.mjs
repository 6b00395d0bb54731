// The runtimes that the checks run on beside this Node: each is one package of prebuilt binaries, fetched on demand
// into .tools (git-ignored), so that nothing of it is in the dependencies of the workspace.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { platform, arch } = process;
const isLinux = platform === 'linux';

/** name → package, version, and the binary inside the package. */
const RUNTIMES = {
  node22: { name: `node-${platform}-${arch}`, version: '22.23.3', binary: 'bin/node' },
  node24: { name: `node-${platform}-${arch}`, version: '24.21.0', binary: 'bin/node' },
  node26: { name: `node-${platform}-${arch}`, version: '26.12.1', binary: 'bin/node' },
  bun: {
    name: `@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`,
    version: '1.4.5',
    binary: 'bin/bun',
  },
  deno: {
    name: `@deno/${platform}-${arch}${isLinux ? '-glibc' : ''}`,
    version: '2.9.6',
    binary: 'deno',
  },
  workerd: {
    name: `@cloudflare/workerd-${platform}-${arch === 'x64' ? '64' : arch}`,
    version: '1.20261117.1',
    binary: 'bin/workerd',
  },
};

const toolsFolder = join(dirname(fileURLToPath(import.meta.url)), '..', '.tools');

/** What {@link RUNTIMES} says of one, and where it lies once it is fetched. */
export function runtime(name) {
  const known = RUNTIMES[name];
  if (known === undefined)
    throw new Error(`unknown runtime: ${name}. Known: ${Object.keys(RUNTIMES).join(', ')}`);
  const folder = join(toolsFolder, `${name}-${known.version}-${platform}-${arch}`);
  const path = join(folder, 'node_modules', known.name, known.binary);
  return { spec: `${known.name}@${known.version}`, folder, path };
}

/** The path of a runtime's binary, or `undefined` when it was not fetched or is not made for this machine. */
export function runtimePath(name) {
  const { path } = runtime(name);
  return existsSync(path) ? path : undefined;
}
