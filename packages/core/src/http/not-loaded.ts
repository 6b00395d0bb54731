import { escapeHtml } from '../escape-html.js';
import type { Brand } from '../return-page/brand.js';
import { bareWords } from '../return-page/words/bare-words.js';
import type { HttpResponse } from './http.js';

// The pages themselves, their styles and the other languages are what could not be loaded.

const STATUS = 503;
const RETRY_SECONDS = 10;

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'retry-after': String(RETRY_SECONDS),
  'x-content-type-options': 'nosniff',
} as const;

/** A return page in its barest: that who has paid should not pay again, and the way back. It loads itself again. */
export function bareReturnPage(brand: Brand | undefined): HttpResponse {
  const lines = [bareWords.apiAwayLine, bareWords.checksAgainLine];
  return barePage(bareWords.apiAwayTitle, lines, brand, RETRY_SECONDS);
}

/** A checkout that cannot be opened, in its barest. */
export function bareCheckoutPage(brand: Brand | undefined): HttpResponse {
  return barePage(bareWords.checkoutFailedTitle, [bareWords.checkoutAwayLine], brand);
}

/** The same for programs and for operators, as JSON. */
export function bareAnswer(): HttpResponse {
  return {
    status: STATUS,
    headers: { ...HEADERS, 'content-type': 'application/json; charset=utf-8' },
    body: '{"error":"this part of the shop could not be loaded, its log says why"}',
  };
}

function barePage(
  title: string,
  lines: readonly string[],
  brand: Brand | undefined,
  refreshSeconds?: number,
): HttpResponse {
  const { name = '', homeUrl } = brand ?? {};
  const label = bareWords.backToShop.replace('{shop}', () => name);
  const parts = [
    `<h1>${escapeHtml(title)}</h1>`,
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    ...(homeUrl === undefined
      ? []
      : [`<p><a href="${escapeHtml(homeUrl)}">${escapeHtml(label)}</a></p>`]),
  ];
  const refresh =
    refreshSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">\n`;
  return {
    status: STATUS,
    headers: { ...HEADERS, 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}<title>${escapeHtml(title)}</title>
</head>
<body>
<main>
${parts.join('\n')}
</main>
</body>
</html>
`,
  };
}
