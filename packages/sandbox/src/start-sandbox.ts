import type { Server } from 'node:http';
import { createApp } from './app.js';
import { listen } from './listen.js';
import { createLiveChannel, type LiveChannel } from './live/live-channel.js';
import { createMachine, type Machine } from './machine.js';
import { resolveOptions, type SandboxOptions } from './options.js';
import { drive } from './control/drive.js';
import type { Sandbox } from './sandbox.js';

/**
 * Starts QBitFlow on this machine. Rejects with `misconfigured` for options that cannot work, and with
 * Node's own error where the port cannot be had.
 *
 * @example
 * const sandbox = await startSandbox({ webhookUrl: 'http://127.0.0.1:3000/webhook' });
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const settings = resolveOptions(options);
  const { server, url } = await listen(settings);
  const machine = createMachine(settings, url);
  const live = createLiveChannel(machine);
  server.on('request', createApp(machine));
  server.on('upgrade', live.upgrade);
  return drive(machine, { live, close: async () => close(machine, live, server) });
}

async function close(machine: Machine, live: LiveChannel, server: Server): Promise<void> {
  machine.closing.abort();
  machine.timers.close();
  const closed = new Promise<void>((resolve) => {
    // Its error says that it is closed already, which is what was wanted.
    server.close(() => {
      resolve();
    });
  });
  live.close();
  await machine.courier.close();
  server.closeAllConnections();
  await closed;
}
