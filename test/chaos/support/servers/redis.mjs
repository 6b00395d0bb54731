import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { startProcess } from './process.mjs';

const COMMAND = 'redis-server';

/** Whether this machine has a Redis server. */
export const hasRedis = () => spawnSync(COMMAND, ['--version']).status === 0;

/** A throw-away Redis that keeps what it acknowledged: AOF, written and synced before each answer. */
export async function startRedis() {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-redis-'));
  const port = await freePort();
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const ready = /Ready to accept connections/;
  const launch = async () => startProcess({ command: COMMAND, args, ready });
  let server = await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    /** `gentle` lets it tidy up; otherwise it is gone at once, as in a crash. */
    stop: async ({ gentle }) => server.end(gentle ? 'SIGTERM' : 'SIGKILL'),
    async start() {
      server = await launch();
    },
    async close() {
      await server.end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
