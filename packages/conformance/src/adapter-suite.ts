import { openAdapterHarness, type AdapterCase } from './adapter/adapter-harness.js';
import type { AdapterCapabilities, CreateApp } from './adapter/adapter-plan.js';
import { bodyCases } from './adapter/body-cases.js';
import { checkoutCases } from './adapter/checkout-cases.js';
import { mistakeCases } from './adapter/mistake-cases.js';
import { returnPageCases } from './adapter/return-page-cases.js';
import { routeCases } from './adapter/route-cases.js';
import { statusCases } from './adapter/status-cases.js';
import { webhookCases } from './adapter/webhook-cases.js';
import type { RegisterTest } from './suite-options.js';

/** What `adapterSuite` is given. */
export interface AdapterSuiteOptions {
  readonly test: RegisterTest;
  /** Called at least once for every case. */
  readonly createApp: CreateApp;
  readonly capabilities?: Partial<AdapterCapabilities> | undefined;
  /** How long the suite waits for what must come, in ms. Nothing is ever asserted to be faster. @default 10,000 */
  readonly patienceMs?: number | undefined;
}

const EVERYTHING: AdapterCapabilities = {
  parsers: ['json', 'raw', 'text', 'json and bytes', 'another type'],
  parsersLoseBytes: true,
  ignoresCase: true,
  readsAnyScheme: true,
  trustsProxies: true,
};

/**
 * Registers what every adapter owes the kit and the app around it, one case a behaviour, with the caller's test runner.
 * Each case gets a kit and an app of its own, on loopback. What core decides is asked of core's own tests, not here.
 * Never throws: what an adapter does not do is a case that fails.
 * @example
 * ```ts
 * import { adapterSuite, type CreateApp } from '@qbitflow/conformance';
 * import { test } from 'vitest';
 *
 * export function prove(createApp: CreateApp) {
 *   adapterSuite({ test, createApp, capabilities: { parsers: ['json', 'another type'] } });
 * }
 * ```
 */
export function adapterSuite(options: AdapterSuiteOptions): void {
  const capabilities = { ...EVERYTHING, ...options.capabilities };
  const cases: readonly AdapterCase[] = [
    ...routeCases,
    ...webhookCases,
    ...bodyCases,
    ...returnPageCases,
    ...statusCases,
    ...checkoutCases,
    ...mistakeCases,
  ];
  const timeoutMs = 60_000 + 3 * (options.patienceMs ?? 10_000);
  for (const one of cases)
    if (one.needs?.(capabilities) !== false)
      options.test(one.name, async () => runCase(options, one), timeoutMs);
}

async function runCase(options: AdapterSuiteOptions, one: AdapterCase): Promise<void> {
  const harness = openAdapterHarness(options);
  try {
    await one.run(harness);
  } finally {
    await harness.close();
  }
}
