// Starts an example beside a sandbox of its own: node run-example.mjs <its folder's name> [--open]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { startSandbox } from '@qbitflow/sandbox';
import { announce, endOnSignal } from './announce.mjs';
import { listen } from './listen.mjs';
import { tellStory } from './tell-story.mjs';

const log = console.log;
const [name = ''] = process.argv.slice(2);
const folder = join(import.meta.dirname, '..', name);
const { scripts, demo } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const { webhook = '/qbitflow/webhook', secret, page, click } = demo;

const sandbox = await startSandbox({ port: 4242, secret }).catch(() => startSandbox({ secret }));
tellStory(sandbox, log);
const url = await freeAddress(3000);
sandbox.setWebhookUrl(url + webhook);

const env = {
  DATABASE_URL: 'postgres://postgres@127.0.0.1:5432/test',
  REDIS_URL: 'redis://127.0.0.1:6379',
  ...process.env,
  PORT: new URL(url).port,
  PUBLIC_URL: `${url}/qbitflow`,
  QBITFLOW_BASE_URL: sandbox.v2Url,
  QBITFLOW_API_KEY: sandbox.apiKey,
  QBITFLOW_WEBHOOK_SECRET: sandbox.secret,
};
let isEnding = false;
const processes = Object.entries(scripts)
  .filter(([script]) => script.startsWith('start'))
  .map(([, command]) => startProcess(command.split(' ').slice(1)));
endOnSignal(close);
await untilItAnswers(url);
const switchboard = { name: 'sandbox', url: `${sandbox.url}/#switchboard`, click };
const shop = { name: 'shop', url: url + page, click };
const watched = { name: 'sandbox', url: sandbox.url, click: 'what QBitFlow sees of it' };
await announce(page === undefined ? [switchboard] : [shop, watched], { log });

function startProcess([file, ...args]) {
  const child = spawn(process.execPath, [join(folder, file), ...args], { env });
  const label = basename(file, '.mjs').padEnd(10);
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => log(`${label}${line}`));
  child.once('exit', (code, signal) => {
    if (isEnding || code === 0 || signal === 'SIGINT') return;
    log(
      `${label}ended (${signal ?? `exit code ${code}`}): what it needs stands in examples/${name}/README.md`,
    );
    void close().then(() => process.exit(1));
  });
  return child;
}

async function close() {
  isEnding = true;
  await Promise.all(processes.map(endProcess));
  await sandbox.close();
}

async function endProcess(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function freeAddress(port) {
  const server = createServer();
  const address = await listen(server, port);
  server.close();
  await once(server, 'close');
  return address;
}

async function untilItAnswers(address) {
  const answer = await fetch(address).then(
    (response) => response.text(),
    () => undefined,
  );
  if (answer !== undefined) return;
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  await untilItAnswers(address);
}
