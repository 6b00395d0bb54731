import { parseTarget } from '../boundary.js';
import { checkApiFault, type ApiFault } from '../faults/api-fault.js';
import { scenariosNamed, type Scenario } from '../faults/scenarios.js';
import { webSocketModeNamed, type WebSocketMode } from '../faults/web-socket-modes.js';
import type { Settings } from '../options.js';

/** What can be changed while the sandbox runs, as it stands. */
export interface Switches {
  /** Where webhooks go. */
  readonly webhookUrl: URL | undefined;
  readonly scenarios: readonly Scenario[];
  readonly webSocket: WebSocketMode;
  readonly apiFault: ApiFault | undefined;
  readonly setWebhookUrl: (url: string) => void;
  readonly setScenarios: (names: readonly string[]) => void;
  readonly setWebSocket: (mode: string) => void;
  readonly setApiFault: (fault: ApiFault | undefined) => void;
}

/** Starts as the options say. Each setter throws `misconfigured`, before anything changes, for what cannot be. */
export function createSwitches(settings: Settings): Switches {
  let { webhookUrl, scenarios, webSocket, apiFault } = settings;
  return {
    get webhookUrl() {
      return webhookUrl;
    },
    get scenarios() {
      return scenarios;
    },
    get webSocket() {
      return webSocket;
    },
    get apiFault() {
      return apiFault;
    },
    setWebhookUrl(url) {
      webhookUrl = parseTarget(url, settings.allowRemote);
    },
    setScenarios(names) {
      scenarios = scenariosNamed(names);
    },
    setWebSocket(mode) {
      webSocket = webSocketModeNamed(mode);
    },
    setApiFault(fault) {
      apiFault = checkApiFault(fault);
    },
  };
}
