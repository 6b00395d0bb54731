import { parseTarget } from '../boundary.js';
import { checkTrouble } from '../faults/api-fault.js';
import { scenariosNamed } from '../faults/scenarios.js';
import { webSocketModeNamed } from '../faults/web-socket-modes.js';
import type { Sandbox } from '../sandbox.js';
import type { Machine } from './sandbox-state.js';

/** What can be changed while the sandbox runs. */
export type Switches = Pick<
  Sandbox,
  'setWebhookUrl' | 'setScenarios' | 'setWebSocket' | 'setTrouble'
>;

/** The switches of a machine: each checks what it is given before anything changes. */
export function switchesOf(machine: Machine): Switches {
  const { target, scenarios, webSocketMode, trouble, settings } = machine;
  return {
    setWebhookUrl(webhookUrl) {
      target.set(parseTarget(webhookUrl, settings.allowRemote));
    },
    setScenarios(names) {
      scenarios.set(scenariosNamed(names));
    },
    setWebSocket(mode) {
      webSocketMode.set(webSocketModeNamed(mode));
    },
    setTrouble(wanted) {
      trouble.set(checkTrouble(wanted));
    },
  };
}

/** One value that can be changed while the sandbox runs. */
export interface Adjustable<Value> {
  readonly get: () => Value;
  readonly set: (value: Value) => void;
}

/** Starts with `first`. */
export function createAdjustable<Value>(first: Value): Adjustable<Value> {
  let current = first;
  return {
    get: () => current,
    set: (value) => {
      current = value;
    },
  };
}
