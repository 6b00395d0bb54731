import { createHash } from 'node:crypto';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

const STYLE = `:root{color-scheme:light dark}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.0625rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:100%;max-width:30rem;padding:2rem 1.25rem}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 .75rem}
small{display:block;margin-top:1.5rem;overflow-wrap:anywhere;opacity:.8}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The policy of every page: our one style block by its hash, no script, no frame, no form, nothing loaded. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** A document around `main`, which is HTML already; `title` is text. */
export interface HtmlDocument {
  readonly title: string;
  readonly main: string;
  /** Seconds after which the browser loads the page again. */
  readonly refreshAfter?: number | undefined;
}

/** The whole document. */
export function renderDocument({ title, main, refreshAfter }: HtmlDocument): string {
  const refresh =
    refreshAfter === undefined ? '' : `<meta http-equiv="refresh" content="${refreshAfter}">\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}
