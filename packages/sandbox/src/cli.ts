#!/usr/bin/env node
import { asError } from '@qbitflow/core';
import { ACT_HELP, runAct } from './act-command.js';
import { deliveryLine, HELP, parseArguments, sessionLine, type Command } from './command-line.js';
import type { SandboxOptions } from './options.js';
import { startSandbox } from './sandbox.js';
import { runTrigger } from './trigger/run-trigger.js';
import { TRIGGER_HELP } from './trigger/trigger-command.js';

async function main(): Promise<void> {
  const command = understand();
  if (command === undefined) return;
  if (command.do === 'help') process.stdout.write(HELP);
  else if (command.do === 'trigger-help') process.stdout.write(TRIGGER_HELP);
  else if (command.do === 'act-help') process.stdout.write(ACT_HELP);
  else if (command.do === 'trigger') await runOnce(command);
  else if (command.do === 'act' || command.do === 'advance') print(await runAct(command));
  else await run(command.options);
}

async function runOnce(command: Extract<Command, { readonly do: 'trigger' }>): Promise<void> {
  const outcome = await runTrigger(command);
  print(deliveryLine(outcome) ?? `delivery ${outcome.state}`);
  if (outcome.state !== 'delivered') process.exitCode = 1;
}

function understand(): Command | undefined {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    fail(asError(error).message, 2);
    return undefined;
  }
}

async function run(options: SandboxOptions): Promise<void> {
  const sandbox = await startSandbox(options);
  sandbox.onSession((session) => {
    print(sessionLine(session));
  });
  sandbox.onDelivery((delivery) => {
    const line = deliveryLine(delivery);
    if (line !== undefined) print(line);
  });
  const stop = (): void => {
    sandbox.close().catch((error: unknown) => {
      fail(asError(error).message, 1);
    });
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  print(`listening ${sandbox.url}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string, exitCode: number): void {
  process.stderr.write(`qbitflow-sandbox: ${message.split('\n')[0] ?? ''}\n`);
  process.exitCode = exitCode;
}

main().catch((error: unknown) => {
  const inUse = Reflect.get(Object(error), 'code') === 'EADDRINUSE';
  const reason = asError(error).message;
  fail(
    inUse ? `the port is in use: choose another, or --port 0 for a free one (${reason})` : reason,
    1,
  );
});
