import { redeliver } from '../delivery/redeliver.js';
import { send } from '../delivery/send.js';
import type { LiveChannel } from '../live/live-channel.js';
import type { Machine } from '../machine.js';
import type { Sandbox } from '../sandbox.js';
import { customerActions, type CustomerAction } from './customer-actions.js';
import { rotateSecret } from './rotate-secret.js';
import { switchesOf } from './switches.js';

/** What is around the machine. */
interface Around {
  readonly live: LiveChannel;
  readonly close: () => Promise<void>;
}

/** The machine as programs drive it. */
export function drive(machine: Machine, { live, close }: Around): Sandbox {
  const { url, settings } = machine;
  return {
    ...actionsOf(machine),
    ...switchesOf(machine),
    url,
    v1Url: `${url}/v1`,
    v2Url: `${url}/v2`,
    apiKey: settings.apiKey,
    get secret() {
      return machine.secrets.current();
    },
    get sessions() {
      return machine.sessions.list();
    },
    get events() {
      return machine.events.list();
    },
    get deliveries() {
      return machine.deliveries.list();
    },
    get requests() {
      return machine.requests.list();
    },
    get openWebSockets() {
      return live.openCount();
    },
    endWebSockets: live.endAll,
    close,
  };
}

function actionsOf(machine: Machine) {
  const act = (action: CustomerAction) => async (uuid: string) =>
    customerActions[action](machine, uuid);
  return {
    pay: act('pay'),
    fail: act('fail'),
    abandon: act('abandon'),
    expire: act('expire'),
    bill: act('bill'),
    cancel: act('cancel'),
    redeliver: async (eventId: string) => redeliver(machine, eventId),
    send: async (body: object | string) => send(machine, body),
    rotateSecret: (secret?: string) => rotateSecret(machine, secret),
    idle: machine.courier.idle,
    onDelivery: machine.deliveryListeners.add,
    onSession: machine.sessionListeners.add,
    countRequests: machine.requests.count,
    clearRequests: machine.requests.clear,
  } satisfies Partial<Sandbox>;
}
