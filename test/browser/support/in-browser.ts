import { existsSync } from 'node:fs';
import { type BrowserContextOptions, chromium } from 'playwright-core';
import { test } from 'vitest';
import {
  type CreateShop,
  openShop,
  type OpenShop,
  type OpenShopOptions,
} from '../../journeys/support/open-shop.js';
import { openTab, type Tab } from './tab.js';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const isThere = existsSync(executablePath);
if (!isThere)
  console.warn(`NO BROWSER: tests need Chromium at ${executablePath}; say in CHROMIUM where it is`);

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How tests are run: side by side, since they mostly wait. Without Chromium they are skipped, and fail where `CI` is `true`. */
export const inBrowser = {
  concurrent: true,
  skip: !isThere && process.env['CI'] !== 'true',
  timeout: 60_000,
} as const;

/** How patient `expect.poll` is on a busy machine. */
export const soon = { timeout: 15_000 } as const;

/** Opens a tab of a customer of their own: no other tab's cookies. */
type NewTab = (options?: BrowserContextOptions) => Promise<Tab>;

/** Opens a shop with a QBitFlow and an inbox of its own. */
type Open = (createShop: CreateShop, options?: OpenShopOptions) => Promise<OpenShop>;

/** A test with one Chromium a file; tabs and shops are closed when the test has finished. */
export const browserTest = test
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern what a fixture needs
  .extend('browser', { scope: 'file' }, async ({}, { onCleanup }) => {
    const browser = await chromium.launch({ executablePath, args });
    onCleanup(async () => browser.close());
    return browser;
  })
  .extend('newTab', ({ browser, onTestFinished }): NewTab => {
    return async (options) => {
      const context = await browser.newContext({ locale: 'en-US', ...options });
      onTestFinished(async () => context.close());
      return openTab(context, onTestFinished);
    };
  })
  .extend('open', ({ onTestFinished }): Open => {
    return async (createShop, options) =>
      openShop(createShop, options?.scenarios, { finished: onTestFinished, ...options });
  });
