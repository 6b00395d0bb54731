import type { Server } from 'node:http';
import { createApp } from './app.js';
import { customerActions, type CustomerAction } from './control/customer-actions.js';
import { rotateSecret } from './control/rotate-secret.js';
import { parseTarget } from './delivery/parse-target.js';
import { redeliver } from './delivery/redeliver.js';
import { send } from './delivery/send.js';
import { listen } from './listen.js';
import { createMachine, type Machine } from './machine.js';
import { resolveOptions, type SandboxOptions } from './options.js';
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
  server.on('request', createApp(machine));
  return sandboxOf(machine, server);
}

function sandboxOf(machine: Machine, server: Server): Sandbox {
  const { url, settings, sessions, events, deliveries, secrets, courier } = machine;
  const act = (action: CustomerAction) => async (uuid: string) =>
    customerActions[action](machine, uuid);
  return {
    url,
    v1Url: `${url}/v1`,
    v2Url: `${url}/v2`,
    apiKey: settings.apiKey,
    get secret() {
      return secrets.current();
    },
    get sessions() {
      return sessions.list();
    },
    get events() {
      return events.list();
    },
    get deliveries() {
      return deliveries.list();
    },
    pay: act('pay'),
    fail: act('fail'),
    abandon: act('abandon'),
    expire: act('expire'),
    redeliver: async (eventId) => redeliver(machine, eventId),
    send: async (body) => send(machine, body),
    rotateSecret: (secret) => rotateSecret(machine, secret),
    setWebhookUrl: (webhookUrl) => {
      machine.target.set(parseTarget(webhookUrl, settings.allowRemote));
    },
    onDelivery: machine.deliveryListeners.add,
    onSession: machine.sessionListeners.add,
    idle: courier.idle,
    close: async () => close(machine, server),
  };
}

async function close({ courier, timers }: Machine, server: Server): Promise<void> {
  timers.close();
  const closed = new Promise<void>((resolve) => {
    // Its error says that it is closed already, which is what was wanted.
    server.close(() => {
      resolve();
    });
  });
  await courier.close();
  server.closeAllConnections();
  await closed;
}
