import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endWithUs } from './children.mjs';
import { SECRET } from './events.mjs';

const START = join(import.meta.dirname, '../../receiver/start.mjs');
const KEPT_STDERR = 200_000;

/** Starts one receiver; `listening` resolves with its URL, `ended` with how it ended. Neither rejects. */
export function startReceiver(args) {
  const child = spawn(process.execPath, [START, '--framework=node', '--journal', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, QBITFLOW_WEBHOOK_SECRET: SECRET },
  });
  endWithUs(child);
  const receiver = {
    pid: child.pid,
    url: undefined,
    stderr: '',
    running: true,
    signal: (name) => child.kill(name),
  };
  child.stderr.setEncoding('utf8').on('data', (text) => {
    receiver.stderr = (receiver.stderr + text).slice(-KEPT_STDERR);
  });
  receiver.ended = new Promise((resolve) => {
    child.once('close', (code, signal) => {
      receiver.running = false;
      receiver.url = undefined;
      resolve({ code, signal });
    });
  });
  receiver.listening = new Promise((resolve) => {
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      receiver.url ??= /^listening (\S+)$/m.exec(stdout)?.[1];
      if (receiver.url !== undefined) resolve(receiver.url);
    });
    void receiver.ended.then(() => resolve(undefined));
  });
  return receiver;
}
