#!/usr/bin/env node
import { asError } from './errors.js';
import { runCommand } from './cli/run-command.js';

/** Where everything but the work itself happens: arguments, environment, output, exit code. */
async function main(): Promise<void> {
  const folder = process.cwd();
  const write = (line: string): void => {
    console.log(line);
  };
  try {
    process.exitCode = await runCommand(process.argv.slice(2), { folder, env: process.env, write });
  } catch (error) {
    console.error(`qbitflow: ${asError(error).message}`);
    process.exitCode = 1;
  }
}

void main();
