import { parseTarget } from '../delivery/parse-target.js';
import { webSocketModeNamed } from '../live/web-socket-mode.js';
import type { Machine } from '../machine.js';
import type { Sandbox } from '../sandbox.js';
import { scenariosNamed } from '../scenarios/index.js';
import { checkTrouble } from '../trouble/trouble.js';

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
