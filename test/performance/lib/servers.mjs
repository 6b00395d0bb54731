// Starts and ends the contenders, each in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SECRET } from './deliveries.mjs';

const START_MS = 10_000;

/** The server of this name, listening. It ends with `stop()`, and with this process whatever happens. */
export async function startServer(name) {
  const file = fileURLToPath(new URL(`../servers/${name}.mjs`, import.meta.url));
  const child = fork(file, [], {
    env: { ...process.env, NODE_ENV: 'production', QBITFLOW_WEBHOOK_SECRET: SECRET },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text) => (complaint = (complaint + text).slice(-2000)));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${name} ended by itself:\n${complaint.trim()}`);
  });
  ended.catch(() => {});
  const timeout = AbortSignal.timeout(START_MS);
  const [{ port }] = await Promise.race([once(child, 'message', { signal: timeout }), ended]);

  return {
    name,
    port,
    ended,
    /** How many events its handler has run; `null` where there is no handler. */
    async handled() {
      child.send('handled?');
      const [answer] = await once(child, 'message', { signal: AbortSignal.timeout(START_MS) });
      return answer.handled;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
