import { expect, test } from 'vitest';
import { escapeHtml } from '../../../src/redirect/html.js';
import { defaultBody } from '../../../src/redirect/page.js';
import { STATUS_PATH, openShop } from '../support/shop.js';

const EVIL = `"'><script>alert(1)</script>&lt;`;

test.each(['uuid', 'session', 'type', 'transactionType', 'status', 'state', 'message'])(
  'nothing of %s reaches the page as HTML',
  async (name) => {
    const shop = await openShop();
    shop.api.on(STATUS_PATH, { status: 200, json: { status: EVIL, message: EVIL, txHash: EVIL } });
    const id = name === 'uuid' || name === 'session' ? '' : 'uuid=pay@1&';

    const { body, headers } = await shop.open(`/r?${id}${name}=${encodeURIComponent(EVIL)}`);

    expect(body).not.toContain('<script');
    expect(body).not.toContain('alert(1)');
    expect(JSON.stringify(headers)).not.toContain('alert(1)');
  },
);

test('text is escaped wherever it stands', () => {
  expect(escapeHtml(EVIL)).toBe('&quot;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;lt;');
  const outcome = { state: 'paid', page: 'success', final: true, attemptFailed: false } as const;
  expect(defaultBody({ ...outcome, uuid: EVIL })).not.toContain('<script');
});
