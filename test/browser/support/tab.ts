import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { expect, type onTestFinished } from 'vitest';

const SCREENSHOTS = join(import.meta.dirname, '../../../artefacts/screenshots');

/** A tab that notices what a page does wrong. */
export interface Tab {
  readonly page: Page;
  /** Where the page asked for anything, once each. */
  readonly origins: ReadonlySet<string>;
  /** Every answer's URL and headers, as text. */
  readonly headers: readonly string[];
  /** From now on requests fail, and the console may say so. */
  expectFailedRequests(): void;
  /** From now on a policy of somebody else's stops things, and the console may say so. */
  expectViolations(): void;
  /** Waits until the page's title and heading say this. */
  says(heading: string): Promise<void>;
  /** Keeps a picture of the whole page. */
  keep(name: string): Promise<void>;
  /** Leaves something that a navigation would wipe out. Returns whether it is still there. */
  mark(): Promise<() => Promise<boolean>>;
  /** What an event stream says until its end, as the page would get it. */
  stream(url: string): Promise<string>;
  /** How wide the document is, in CSS pixels. */
  scrollWidth(): Promise<number>;
  backgroundColor(): Promise<string>;
}

const FAILED_REQUEST = /^Failed to load resource: /;
const VIOLATION = /content security policy|TrustedHTML/i;

/** A tab in which a console error or an exception, a violated policy among them, fails the test. */
export async function openTab(
  context: BrowserContext,
  finished: typeof onTestFinished,
): Promise<Tab> {
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const origins = new Set<string>();
  const headers: string[] = [];
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  page.on('request', (request) => origins.add(new URL(request.url()).origin));
  page.on('response', (response) =>
    headers.push(`${response.url()} ${JSON.stringify(response.headers())}`),
  );
  const complain = (text: string, where = ''): void => {
    if (!expected.some((pattern) => pattern.test(text))) complaints.push(`${text}${where}`);
  };
  page.on('pageerror', (error) => complain(error.message));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    complain(message.text(), ` at ${message.location().url}`);
  });
  finished(() => {
    expect(complaints).toEqual([]);
  });
  return {
    page,
    origins,
    headers,
    expectFailedRequests() {
      expected.push(FAILED_REQUEST);
    },
    expectViolations() {
      expected.push(VIOLATION);
    },
    async says(heading) {
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      // A page that is just loading itself again has no title for a moment.
      const titleNow = async (): Promise<string> => page.title().catch(() => '');
      let title = await titleNow();
      for (let look = 0; title !== heading && look < 100; look += 1) {
        await page.waitForTimeout(50);
        title = await titleNow();
      }
      expect(title).toBe(heading);
    },
    async keep(name) {
      await page.screenshot({
        path: join(SCREENSHOTS, `${name}.png`),
        fullPage: true,
        animations: 'disabled',
      });
    },
    async mark() {
      await page.evaluate('window.stillTheSamePage = true');
      return async () => page.evaluate<boolean>('window.stillTheSamePage === true');
    },
    stream: async (url) =>
      page.evaluate<string>(
        `fetch('${url}', { headers: { accept: 'text/event-stream' } }).then((answer) => answer.text())`,
      ),
    scrollWidth: async () => page.evaluate<number>('document.documentElement.scrollWidth'),
    backgroundColor: async () =>
      page.evaluate<string>('getComputedStyle(document.body).backgroundColor'),
  };
}
