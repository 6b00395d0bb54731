import { expect, test } from 'vitest';
import { built, runScript } from '../support/run-script.js';

const DELIVER = `
  const { createHmac } = process.getBuiltinModule('node:crypto');
  const { subscribe } = process.getBuiltinModule('node:diagnostics_channel');
  process.on('uncaughtException', (error) => console.log('uncaught:', error.message));
  for (const code of ['received', 'recorded', 'started', 'completed'])
    subscribe('qbitflow:delivery_' + code, () => { throw new Error(code); });
  const kit = core.createQBitFlow({ logger: false, webhookSecret: 'whsec_a' });
  kit.on('webhook.test', () => console.log('handled'));
  const rawBody = Buffer.from(JSON.stringify({ id: 'evt_1', type: 'webhook.test', data: {} }));
  const t = String(Math.floor(Date.now() / 1000));
  const v1 = createHmac('sha256', 'whsec_a').update(t + '.').update(rawBody).digest('hex');
  const headers = { 'qbitflow-signature': 't=' + t + ',v1=' + v1 };
  kit.handleWebhook({ method: 'POST', url: '/', headers, rawBody })
    .then(({ status }) => console.log('answered', status));`;

test.runIf(built)(
  'what a subscriber throws is an uncaught exception, as Node has it, and the delivery goes on',
  async () => {
    const { code, out } = await runScript('esm', DELIVER);
    expect(code).toBe(0);
    expect(out.split('\n').toSorted()).toEqual([
      'answered 200',
      'handled',
      'uncaught: completed',
      'uncaught: received',
      'uncaught: recorded',
      'uncaught: started',
    ]);
  },
);
