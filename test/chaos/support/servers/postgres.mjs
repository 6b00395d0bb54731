import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { startProcess } from './process.mjs';
import { unprivilegedUser } from './user.mjs';

const DEBIAN = '/usr/lib/postgresql';

/** The folder with initdb and postgres, or `undefined` on a machine without them. */
function binaries() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => b - a) : [];
  const folders = [
    process.env.PG_BIN,
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => folder && existsSync(join(folder, 'initdb')));
}

/** Whether this machine has a PostgreSQL server. */
export const hasPostgres = () => binaries() !== undefined;

/** A throw-away PostgreSQL with its safety settings as they come: fsync and synchronous_commit on. */
export async function startPostgres() {
  const user = unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-pg-'));
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  try {
    await chmod(folder, 0o755);
    if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
    initialise(folder, options);
    return await serve(folder, options);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

function initialise(folder, options) {
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', '--auth=trust', '--no-sync'];
  const { status, stdout, stderr } = spawnSync(
    join(binaries(), 'initdb'),
    [...args, '--encoding=UTF8', '--locale=C'],
    { ...options, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`initdb failed: ${stderr}${stdout}`);
}

async function serve(folder, options) {
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const launch = async () =>
    startProcess({
      command: join(binaries(), 'postgres'),
      args: ['-D', join(folder, 'data'), ...args],
      ready: /ready to accept connections/,
      options,
    });
  let server = await launch();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    /** `gentle` ends sessions and writes a checkpoint; otherwise it is as in a crash, with recovery at the next start. */
    stop: async ({ gentle }) => server.end(gentle ? 'SIGINT' : 'SIGQUIT'),
    async start() {
      server = await launch();
    },
    async close() {
      await server.end('SIGQUIT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
