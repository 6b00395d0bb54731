import { expect, test } from 'vitest';
import { escapeHtml } from '../../../src/escape-html.js';
import { defaultBody } from '../../../src/return-page/page.js';
import { PAGE_SCRIPT } from '../../../src/return-page/page-script.js';
import { createLanguage } from '../../../src/return-page/words/language.js';
import { words as english } from '../../../src/return-page/words/languages/en.js';
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
  return body.replace(`<script>${PAGE_SCRIPT}</script>`, '');
}

test('text is escaped wherever it stands', () => {
  expect(escapeHtml(EVIL)).toBe('&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;');
  const outcome = { state: 'paid', page: 'success', final: true, attemptFailed: false } as const;
  const link = `https://x.test/${EVIL}`;
  const details = {
    product: EVIL,
    price: '4.50',
    reference: EVIL,
    paidAt: '2026-11-20T16:04:11Z',
    paidWith: { amount: '4.5', symbol: EVIL },
    network: EVIL,
    txHash: EVIL.repeat(3),
    explorerUrl: link,
    manageUrl: link,
  };
  const body = defaultBody(
    { ...outcome, step: 'paid', uuid: EVIL, details },
    {
      words: { title: EVIL, lines: [EVIL] },
      language: createLanguage('en', { ...english, printReceipt: EVIL, copy: EVIL, copied: EVIL }),
      brand: { name: EVIL, homeUrl: link },
      retryUrl: link,
    },
  );
  const tags = body.match(/<[^>]*>/g) ?? [];
  expect(tags.length).toBeGreaterThan(60);
  for (const tag of tags)
    expect(tag).toMatch(/^<\/?[a-z][a-z\d]*(?: [a-zA-Z-]+(?:="[^"<>]*")?)*(?: ?\/)?>$/);
  expect(body).not.toMatch(/<script|javascript:/);
});
