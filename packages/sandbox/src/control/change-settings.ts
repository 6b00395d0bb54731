import { asError } from '@qbitflow/core';
import { ApiError } from '../api/api-error.js';
import type { Machine } from '../machine.js';
import type { JsonObject } from '../wire/cast.js';
import { readTrouble } from './read-trouble.js';
import { switchesOf, type Switches } from './switches.js';
import { scenariosNamed } from '../scenarios/index.js';
import { webSocketModeNamed } from '../live/web-socket-mode.js';

/** What can be changed while the sandbox runs, as it stands: the body of `/sandbox/settings`. */
export function settingsOf(machine: Machine): JsonObject {
  const trouble = machine.trouble.get();
  return {
    webhookUrl: machine.target.get()?.href ?? null,
    scenarios: machine.scenarios.get(),
    webSocket: machine.webSocketMode.get(),
    trouble: trouble === undefined ? null : { ...trouble, paths: trouble.paths?.source },
  };
}

/** Each setting with how it is changed; a setting that is left out stays as it is. */
const CHANGES: Readonly<Record<string, (switches: Switches, value: unknown) => void>> = {
  webhookUrl: ({ setWebhookUrl }, value) => {
    setWebhookUrl(String(value));
  },
  scenarios: ({ setScenarios }, value) => {
    setScenarios(scenariosNamed(Array.isArray(value) ? value.map(String) : [String(value)]));
  },
  webSocket: ({ setWebSocket }, value) => {
    setWebSocket(webSocketModeNamed(String(value)));
  },
  trouble: ({ setTrouble }, value) => {
    setTrouble(readTrouble(value));
  },
};

/** Takes over the settings of a body, one by one. Throws 400 at the first that cannot be. */
export function changeSettings(machine: Machine, body: JsonObject): void {
  const switches = switchesOf(machine);
  for (const [name, value] of Object.entries(body)) {
    const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
    if (change === undefined)
      throw refuse(`there is no setting ${name}: there are ${Object.keys(CHANGES).join(', ')}`);
    try {
      change(switches, value);
    } catch (error) {
      throw refuse(`${name}: ${asError(error).message}`);
    }
  }
}

function refuse(message: string): ApiError {
  return new ApiError(400, 'validation_failed', message);
}
