import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA, as axe-core tags its rules. */
export const WCAG_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What axe-core holds against a page by rules with these tags, in words. */
export async function faultsOf(page: Page, rules = WCAG_AA): Promise<readonly string[]> {
  // Evaluated by the debugger, not by the page: its policy lets nothing of this run. Once a document: it is long.
  if (await page.evaluate<boolean>("typeof axe === 'undefined'")) await page.evaluate(axe);
  return page.evaluate<readonly string[]>(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`,
  );
}
