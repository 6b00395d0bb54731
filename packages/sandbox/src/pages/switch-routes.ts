import type { Router, RouterContext } from '@koa/router';
import { isQBitFlowError } from '@qbitflow/core';
import type { Context } from 'koa';
import { paramOf, readForm } from '../api/read-request.js';
import { moveClock } from '../checkout/move-clock.js';
import { misconfigured } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import { readAssignment } from '../trigger/set-fields.js';
import { prepareTrigger, sendTrigger } from '../trigger/trigger.js';
import type { Changes } from './changes.js';
import { clockSteps } from './controls.js';
import { faultPresets } from './fault-presets.js';
import { goBack, problemPage, sendPage } from './page.js';

/** What the buttons beside the lists post to. */
export function switchRoutes(router: Router, state: SandboxState, changes: Changes): void {
  const { switches } = state;
  const onSwitch = (path: string, turn: (context: RouterContext) => void | Promise<void>): void => {
    router.post(path, async (context) => {
      await orProblem(context, async () => {
        await turn(context);
        changes.notify();
        goBack(context);
      });
    });
  };
  onSwitch('/switch/scenario/:name/:to', (context) => {
    const name = paramOf(context, 'name');
    const others = switches.scenarios.filter((scenario) => scenario !== name);
    switches.setScenarios(paramOf(context, 'to') === 'on' ? [...others, name] : others);
  });
  onSwitch('/switch/websocket/:mode', (context) => {
    switches.setWebSocket(paramOf(context, 'mode'));
  });
  onSwitch('/switch/fault/:name', (context) => {
    const name = paramOf(context, 'name');
    const preset = faultPresets.find((known) => known.name === name);
    if (preset === undefined) throw misconfigured(`there is no fault ${JSON.stringify(name)}`);
    switches.setApiFault(preset.fault);
  });
  onSwitch('/clock/:step', async (context) => {
    const name = paramOf(context, 'step');
    const step = clockSteps.find((known) => known.name === name);
    if (step === undefined) throw misconfigured(`there is no step ${JSON.stringify(name)}`);
    await moveClock(state, step.ms);
  });
  onSwitch('/trigger', async (context) => triggerFrom(state, await readForm(context)));
}

/** Does not wait for the shop's answer: the lists show it when it is there. */
function triggerFrom(state: SandboxState, form: URLSearchParams): void {
  const [version, name = ''] = (form.get('type') ?? '').split(' ');
  const lines = (form.get('set') ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
  const prepared = prepareTrigger(state, name, {
    version: version === 'v1' ? 'v1' : 'v2',
    set: Object.fromEntries(lines.map(readAssignment)),
  });
  if (state.switches.webhookUrl === undefined)
    throw misconfigured(
      'the sandbox has no webhook URL: start it with --webhook http://127.0.0.1:3000/qbitflow/webhook',
    );
  sendTrigger(state, prepared).catch((err: unknown) => {
    state.log('delivery_failed', { err, type: prepared.event.type });
  });
}

async function orProblem(context: Context, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isQBitFlowError(error)) throw error;
    sendPage(context, problemPage(error.message), 400);
  }
}
