import { scenarioSummaries } from '../faults/scenarios.js';
import { webSocketModeSummaries } from '../faults/web-socket-modes.js';
import type { Generation } from '../state/events.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { DAY_MS, rfc3339 } from '../time.js';
import { triggerTypes } from '../trigger/trigger-types.js';
import { faultPresets, presetOf } from './fault-presets.js';
import { html, postButton, type Markup } from './html.js';

/** By how much the page's buttons move the clock. */
export const clockSteps: readonly { readonly name: string; readonly ms: number }[] = [
  { name: 'hour', ms: DAY_MS / 24 },
  { name: 'day', ms: DAY_MS },
  { name: 'week', ms: 7 * DAY_MS },
  { name: 'month', ms: 30 * DAY_MS },
  { name: 'year', ms: 365 * DAY_MS },
];

/** Where the sandbox is, and everything that can be switched or sent with one click. */
export function controls(state: SandboxState): Markup {
  return html`<section aria-labelledby="endpoint-title">
      <h2 id="endpoint-title">Your shop's settings</h2>
      <div id="endpoint" data-live>${endpoint(state)}</div>
    </section>
    <section aria-labelledby="trigger-title">
      <h2 id="trigger-title">Trigger a webhook</h2>
      ${triggerForm()}
    </section>
    <section aria-labelledby="clock-title">
      <h2 id="clock-title">Move the clock</h2>
      <div id="clock" data-live>${clockOf(state)}</div>
      <div class="switches">
        ${clockSteps.map(({ name }) => postButton(`/clock/${name}`, `+ 1 ${name}`, `clock-${name}`))}
      </div>
    </section>
    <section aria-labelledby="wrong-title">
      <h2 id="wrong-title">What goes wrong</h2>
      <div id="switches" data-live>${switchesOf(state)}</div>
    </section>`;
}

function endpoint({ url, settings, secrets, switches }: SandboxState): Markup {
  const grace = secrets.active().length > 1 ? ' (the one before still signs)' : '';
  const target = switches.webhookUrl?.href;
  return html`<dl>
      <dt>Base URL</dt>
      <dd class="id">${url}/v2<br />${url}/v1</dd>
      <dt>API key</dt>
      <dd class="id">${settings.apiKey}</dd>
      <dt>Webhook secret</dt>
      <dd class="id">${secrets.current()}${grace}</dd>
      <dt>Webhooks go to</dt>
      <dd class="id">
        ${target ?? html`<b>nowhere</b>: start with --webhook http://127.0.0.1:3000/qbitflow/webhook`}
      </dd>
    </dl>
    ${postButton('/sandbox/secret/rotate', 'Rotate the secret', 'rotate')}`;
}

/** To the minute, or every look at the page would find it changed. */
function clockOf({ settings: { clock } }: SandboxState): Markup {
  const now = rfc3339(clock.now()).slice(0, 16).replace('T', ' ');
  const ahead = clock.aheadMs() === 0 ? "the machine's time" : 'ahead of the machine';
  return html`<p>${now} <span class="small">UTC, ${ahead}</span></p>`;
}

function triggerForm(): Markup {
  return html`<form class="trigger" method="post" action="/trigger" data-inline="Triggered">
    <label for="trigger-type">Type</label>
    <select id="trigger-type" name="type">
      ${typesOf('v2')} ${typesOf('v1')}
    </select>
    <label for="trigger-set">Set fields <span class="small">path=value, one a line</span></label>
    <textarea id="trigger-set" name="set" rows="2" placeholder="data.reference=order-1"></textarea>
    <button class="first">Send it</button>
  </form>`;
}

function typesOf(version: Generation): Markup {
  const types = triggerTypes.filter((type) => type.version === version);
  return html`<optgroup label="${version}">
    ${types.map(
      ({ name, summary }) =>
        html`<option value="${version} ${name}" title="${summary}">${name}</option>`,
    )}
  </optgroup>`;
}

function switchesOf({ switches }: SandboxState): Markup {
  const on = new Set<string>(switches.scenarios);
  const preset = presetOf(switches.apiFault);
  return html`<h3>Deliveries</h3>
    <div class="switches">
      ${scenarioSummaries.map(({ name, summary }) => {
        const pressed = on.has(name);
        const path = `/switch/scenario/${name}/${pressed ? 'off' : 'on'}`;
        return switchButton({ path, name, summary, pressed });
      })}
    </div>
    <h3>
      The API
      ${preset === undefined ? html`<span class="badge bad">a fault of your own</span>` : undefined}
    </h3>
    <div class="switches">
      ${faultPresets.map(({ name, summary }) =>
        switchButton({ path: `/switch/fault/${name}`, name, summary, pressed: name === preset }),
      )}
    </div>
    <h3>v1's WebSocket</h3>
    <div class="switches">
      ${webSocketModeSummaries.map(({ name, summary }) => {
        const pressed = name === switches.webSocket;
        return switchButton({ path: `/switch/websocket/${name}`, name, summary, pressed });
      })}
    </div>`;
}

interface Switch {
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly pressed: boolean;
}

function switchButton({ path, name, summary, pressed }: Switch): Markup {
  const id = path.replace(/\/(?:on|off)$/, '').replaceAll(/\W+/g, '-');
  return html`<form method="post" action="${path}" data-inline="${name}: ${summary}">
    <button id="switch${id}" class="switch" aria-pressed="${String(pressed)}" title="${summary}">
      ${name}
    </button>
  </form>`;
}
