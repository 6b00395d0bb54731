import { expect, test } from 'vitest';
import { escapeHtml } from '../../../src/return-page/html.js';
import { defaultBody } from '../../../src/return-page/page.js';
import { LIVE_SCRIPT } from '../../../src/return-page/live-script.js';
import { STATUS_PATH, openShop } from '../support/shop.js';

const EVIL = `"'><script>alert(1)</script>&lt;`;

test.each(['uuid', 'session', 'type', 'transactionType', 'status', 'state', 'message'])(
  'nothing of %s reaches the page as HTML',
  async (name) => {
    const shop = await openShop();
    shop.api.on(STATUS_PATH, { status: 200, json: { status: EVIL, message: EVIL, txHash: EVIL } });
    const id = name === 'uuid' || name === 'session' ? '' : 'uuid=pay@1&';

    const { body, headers } = await shop.open(`/r?${id}${name}=${encodeURIComponent(EVIL)}`);

    expect(withoutOurScript(body)).not.toContain('<script');
    expect(body).not.toContain('alert(1)');
    expect(JSON.stringify(headers)).not.toContain('alert(1)');
  },
);

/** The page without the one script that belongs there, which stands alone between its tags. */
function withoutOurScript(body: string): string {
  return body.replace(`<script>${LIVE_SCRIPT}</script>`, '');
}

test('text is escaped wherever it stands', () => {
  expect(escapeHtml(EVIL)).toBe('&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;');
  const outcome = { state: 'paid', page: 'success', final: true, attemptFailed: false } as const;
  const details = { product: EVIL, price: EVIL, explorerUrl: `https://x.test/${EVIL}` };
  const words = { title: EVIL, lines: [EVIL] };
  const body = defaultBody({ ...outcome, step: 'paid', uuid: EVIL, details }, words);
  expect(body).not.toContain('<script');
  expect(body.match(/<[a-z][a-z0-9]* [^>]*/g)).toEqual([
    '<h1 data-part="title"',
    '<div data-part="news" role="status"',
    '<div data-part="facts"',
    '<ol aria-label="Progress"',
    '<li class="reached"',
    '<li class="reached"',
    '<li class="reached"',
    '<li class="reached" aria-current="step"',
    '<p class="bought"',
    '<a href="https://x.test/&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;" rel="noopener noreferrer"',
  ]);
});
