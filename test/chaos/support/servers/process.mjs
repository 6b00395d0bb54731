import { spawn } from 'node:child_process';
import { endWithUs } from '../children.mjs';

/** A server process of our own: resolves once its output says `ready`, rejects when it ends before that. */
export async function startProcess({ command, args, ready, options = {} }) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  endWithUs(child);
  let output = '';
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve((output += error.message)));
    child.once('close', resolve);
  });
  await new Promise((resolve, reject) => {
    const look = (text) => {
      output = (output + text).slice(-20_000);
      if (ready.test(output)) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', look);
    child.stderr.setEncoding('utf8').on('data', look);
    void ended.then(() => reject(new Error(`${command} ended: ${output}`)));
  });
  return {
    /** Sends a signal and resolves when the process has ended. */
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
