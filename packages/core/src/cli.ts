#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf } from './cli/format.js';
import { readManifest } from './cli/manifest.js';
import { runCommand } from './cli/run-command.js';

/** How long what was left open may keep the process after the command has ended, in ms. */
const LINGER_MS = 1_000;

/** Where everything but the work itself happens: arguments, environment, output, exit code. */
async function main(): Promise<void> {
  const folder = process.cwd();
  const write = (line: string): void => {
    console.log(line);
  };
  let isOver = false;
  // A client in the merchant's own store may fail at any time.
  process.on('uncaughtException', fail);
  process.on('exit', () => {
    // Nothing keeps the process alive any more, and the store has not answered: that is no success.
    if (isOver) return;
    complain('qbitflow: it ended before it was done; the store or the API gave no answer');
    process.exitCode = 1;
  });
  const surroundings = { folder, env: process.env, write, complain, version: ownVersion() };
  try {
    process.exitCode = await runCommand(process.argv.slice(2), surroundings);
    end();
  } catch (error) {
    fail(error);
  }

  function end(): void {
    isOver = true;
    setTimeout(() => process.exit(), LINGER_MS).unref();
  }
  function fail(error: unknown): void {
    complain(`qbitflow: ${reasonOf(error)}`);
    process.exitCode = 1;
    end();
  }
}

/** What the manifest of this package says, which stands above the file that runs. */
function ownVersion(): string | undefined {
  try {
    let folder = dirname(realpathSync(process.argv[1] ?? ''));
    for (;;) {
      const manifest = readManifest(join(folder, 'package.json'));
      if (manifest?.['name'] === '@qbitflow/core') return String(manifest['version']);
      const above = dirname(folder);
      if (above === folder) return undefined;
      folder = above;
    }
  } catch {
    return undefined;
  }
}

function complain(line: string): void {
  console.error(line);
}

void main();
