import { Router } from '@koa/router';
import { asError } from '@qbitflow/core';
import type { Context } from 'koa';
import { ApiError, ValidationError } from './api/error-answers.js';
import { paramOf, readFields, readForm, readJson } from './api/read-request.js';
import { moveClock } from './checkout/move-clock.js';
import { actionNamed } from './checkout/session-actions.js';
import { joinMember, removeMember, testWebhook } from './checkout/space-actions.js';
import { redeliver } from './delivery/publish.js';
import type { ApiFault } from './faults/api-fault.js';
import { goBack } from './pages/page.js';
import type { SandboxState } from './state/sandbox-state.js';
import type { Switches } from './state/switches.js';
import { rfc3339 } from './time.js';
import { readTrigger } from './trigger/read-trigger.js';
import {
  prepareTrigger,
  sendTrigger,
  type PreparedTrigger,
  type TriggerOptions,
} from './trigger/trigger.js';
import type { JsonObject } from './wire/canonical-json.js';

/** What tests and people drive the sandbox with, under `/sandbox`. It needs no key: it is not part of QBitFlow. */
export function controlRouter(state: SandboxState): Router {
  const router = new Router({ prefix: '/sandbox' });
  router.post('/sessions/:uuid/:action', async (context) => {
    const action = actionNamed(paramOf(context, 'action'));
    context.body = action.run(state, paramOf(context, 'uuid'), await readInput(context));
  });
  for (const list of ['sessions', 'deliveries', 'events', 'requests', 'members'] as const)
    router.get(`/${list}`, (context) => {
      context.body = { items: state[list].list() };
    });
  router.post('/members', async (context) => {
    context.body = joinMember(state, await readInput(context));
  });
  router.post('/members/:uuid/remove', (context) => {
    context.body = removeMember(state, paramOf(context, 'uuid'));
  });
  router.post('/test-webhook', (context) => {
    testWebhook(state);
    context.status = 204;
  });
  router.get('/clock', (context) => {
    context.body = clockOf(state);
  });
  router.post('/clock', async (context) => {
    await moveClock(state, advanceIn(await readJson(context)));
    context.body = clockOf(state);
  });
  router.get('/settings', (context) => {
    context.body = settingsOf(state.switches);
  });
  router.post('/settings', async (context) => {
    changeSettings(state.switches, await readJson(context));
    context.body = settingsOf(state.switches);
  });
  router.post('/events/:id/redeliver', async (context) => {
    const delivery = redeliver(state, paramOf(context, 'id'));
    if (!wantsPage(context)) {
      context.body = await delivery;
      return;
    }
    // A browser's button does not wait for the merchant's answer: the index page shows it when it is there.
    delivery.catch((err: unknown) => {
      state.log('redelivery_failed', { err });
    });
    goBack(context);
  });
  router.post('/trigger', async (context) => {
    const { type, options } = readTrigger(await readJson(context));
    context.body = await sendTrigger(state, prepared(state, type, options), options);
  });
  router.post('/secret/rotate', (context) => {
    const secret = state.secrets.rotate();
    if (wantsPage(context)) goBack(context);
    else context.body = { secret };
  });
  return router;
}

/** The fields of a JSON body or of a page's form; none where there is no body. */
async function readInput(context: Context): Promise<JsonObject> {
  const { headers } = context;
  if (headers['transfer-encoding'] === undefined && !Number(headers['content-length'] ?? 0))
    return {};
  if (!context.is('urlencoded')) return readJson(context);
  return Object.fromEntries(await readForm(context));
}

/** The body of `/sandbox/clock`. */
function clockOf({ settings: { clock } }: SandboxState): JsonObject {
  return { now: rfc3339(clock.now()), aheadMs: clock.aheadMs() };
}

/** By how much `POST /sandbox/clock` moves the clock, in ms. Throws 400 for a body that does not say only that. */
function advanceIn(body: JsonObject): number {
  const { advanceMs, ...others } = body;
  const [other] = Object.keys(others);
  if (other !== undefined) throw invalid(`there is no field ${other}: there is advanceMs`);
  if (typeof advanceMs === 'number') return advanceMs;
  throw invalid('advanceMs must be a number of ms');
}

function wantsPage(context: Context): boolean {
  return context.accepts('json', 'html') === 'html';
}

/** The body of `/sandbox/settings`. */
function settingsOf({ webhookUrl, scenarios, webSocket, apiFault }: Switches): JsonObject {
  return {
    webhookUrl: webhookUrl?.href ?? null,
    scenarios,
    webSocket,
    apiFault: apiFault === undefined ? null : { ...apiFault, paths: apiFault.paths?.source },
  };
}

function changeApiFault({ setApiFault }: Switches, value: unknown): void {
  setApiFault(readApiFault(value));
}

/** Each setting with how it is changed; a setting that is left out stays as it is. */
const CHANGES: Readonly<Record<string, (switches: Switches, value: unknown) => void>> = {
  webhookUrl: ({ setWebhookUrl }, value) => {
    setWebhookUrl(String(value));
  },
  scenarios: ({ setScenarios }, value) => {
    setScenarios(Array.isArray(value) ? value.map(String) : [String(value)]);
  },
  webSocket: ({ setWebSocket }, value) => {
    setWebSocket(String(value));
  },
  apiFault: changeApiFault,
  // Its name until the next minor version.
  trouble: changeApiFault,
};

/** Takes over the settings of a body, one by one. Throws 400 at the first that cannot be. */
function changeSettings(switches: Switches, body: JsonObject): void {
  for (const [name, value] of Object.entries(body)) {
    const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
    if (change === undefined)
      throw invalid(`there is no setting ${name}: there are ${Object.keys(CHANGES).join(', ')}`);
    try {
      change(switches, value);
    } catch (error) {
      throw invalid(`${name}: ${asError(error).message}`);
    }
  }
}

function prepared(state: SandboxState, type: string, options: TriggerOptions): PreparedTrigger {
  try {
    return prepareTrigger(state, type, options);
  } catch (error) {
    throw invalid(asError(error).message);
  }
}

function invalid(message: string): ApiError {
  return new ApiError(400, 'validation_failed', message);
}

/** A fault out of JSON: `paths` is an expression's source, null ends it. Throws for fields of the wrong type. */
function readApiFault(value: unknown): ApiFault | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const body = { ...value };
  const fields = readFields(body);
  const paths = fields.text('paths');
  const { drop }: { drop?: unknown } = body;
  const fault: ApiFault = {
    status: fields.number('status'),
    code: fields.text('code'),
    retryAfterSeconds: fields.number('retryAfterSeconds'),
    delayMs: fields.number('delayMs'),
    drop: drop === 'answer' ? 'answer' : drop === true,
    paths: paths === undefined ? undefined : new RegExp(paths),
  };
  const [problem] = fields.errors;
  if (problem === undefined) return fault;
  throw new ValidationError(fields.errors, `${problem.field} ${problem.message}`);
}
