import { Router } from '@koa/router';
import { asError } from '@qbitflow/core';
import type { Context } from 'koa';
import { ApiError, ValidationError } from './api/error-answers.js';
import { paramOf, readFields, readJson } from './api/read-request.js';
import { customerActionNames, customerActions } from './checkout/customer-actions.js';
import { redeliver } from './delivery/publish.js';
import type { Trouble } from './faults/api-fault.js';
import { scenariosNamed } from './faults/scenarios.js';
import { webSocketModeNamed } from './faults/web-socket-modes.js';
import type { Machine } from './state/sandbox-state.js';
import { type Switches, switchesOf } from './state/switches.js';
import type { JsonObject } from './wire/demo-data.js';
import { rotateSecret } from './wire/signing.js';

/** What tests and people drive the sandbox with, under `/sandbox`. It needs no key: it is not part of QBitFlow. */
export function controlRouter(machine: Machine): Router {
  const router = new Router({ prefix: '/sandbox' });
  for (const action of customerActionNames)
    router.post(`/sessions/:uuid/${action}`, (context) => {
      context.body = customerActions[action](machine, paramOf(context, 'uuid'));
    });
  router.get('/sessions', (context) => {
    context.body = { items: machine.sessions.list() };
  });
  router.get('/deliveries', (context) => {
    context.body = { items: machine.deliveries.list() };
  });
  router.get('/events', (context) => {
    context.body = { items: machine.events.list() };
  });
  router.get('/requests', (context) => {
    context.body = { items: machine.requests.list() };
  });
  router.get('/settings', (context) => {
    context.body = settingsOf(machine);
  });
  router.post('/settings', async (context) => {
    changeSettings(machine, await readJson(context));
    context.body = settingsOf(machine);
  });
  router.post('/events/:id/redeliver', async (context) => {
    const delivery = redeliver(machine, paramOf(context, 'id'));
    if (!wantsPage(context)) {
      context.body = await delivery;
      return;
    }
    // A browser's button does not wait for the merchant's answer: the index page shows it when it is there.
    delivery.catch((error: unknown) => {
      machine.settings.logger.warn({ error }, 'not redelivered');
    });
    goHome(context);
  });
  router.post('/secret/rotate', (context) => {
    const secret = rotateSecret(machine);
    if (wantsPage(context)) goHome(context);
    else context.body = { secret };
  });
  return router;
}

function wantsPage(context: Context): boolean {
  return context.accepts('json', 'html') === 'html';
}

function goHome(context: Context): void {
  context.status = 303;
  context.set('Location', '/');
}

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

/** Trouble out of JSON: `paths` is an expression's source, null heals. Throws for fields of the wrong type. */
export function readTrouble(value: unknown): Trouble | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const body = { ...value };
  const fields = readFields(body);
  const paths = fields.text('paths');
  const { drop }: { drop?: unknown } = body;
  const trouble: Trouble = {
    status: fields.number('status'),
    retryAfterSeconds: fields.number('retryAfterSeconds'),
    delayMs: fields.number('delayMs'),
    drop: drop === 'answer' ? 'answer' : drop === true,
    paths: paths === undefined ? undefined : new RegExp(paths),
  };
  const [problem] = fields.errors;
  if (problem === undefined) return trouble;
  throw new ValidationError(fields.errors, `${problem.field} ${problem.message}`);
}
