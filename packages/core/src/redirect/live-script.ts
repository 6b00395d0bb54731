import { createHash } from 'node:crypto';

/**
 * The page's one script, the same on every page, allowed by its hash. It hears the live status and fetches the page
 * itself again when something has changed, so there is one renderer, and whoever may not see the page gets nothing.
 */
export const LIVE_SCRIPT = `(() => {
  const main = document.querySelector('main[data-live]');
  if (!main) return;
  let state = main.dataset.state, source, timer, busy = false, again = false, done = false;
  const show = (next, title) => {
    document.title = title;
    for (const part of ['title', 'news', 'facts']) {
      const from = next.querySelector('[data-part=' + part + ']');
      const to = main.querySelector('[data-part=' + part + ']');
      if (from && to && from.innerHTML !== to.innerHTML) to.replaceChildren(...from.childNodes);
    }
    if (!main.querySelector('[data-part]')) main.replaceChildren(...next.childNodes);
    state = next.dataset.state;
    if (!next.dataset.live) stop();
  };
  const stop = () => { done = true; clearTimeout(timer); if (source) source.close(); };
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store', redirect: 'manual' });
      if (answer.type === 'opaqueredirect') { stop(); location.reload(); return; }
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const next = page.querySelector('main');
      if (next) show(next, page.title);
    } catch {} finally { busy = false; }
    if (again && !done) { again = false; await refresh(); }
  };
  const poll = () => { timer = setTimeout(async () => { await refresh(); if (!done) poll(); }, 4000); };
  if (!window.EventSource) { poll(); return; }
  source = new EventSource(main.dataset.live);
  source.addEventListener('status', (event) => {
    const key = JSON.parse(event.data);
    if (key.state + ' ' + key.step + ' ' + key.attemptFailed !== state) void refresh();
  });
  source.addEventListener('error', () => { if (source.readyState === 2) { source.close(); poll(); } });
  // Somebody else's policy may let this run and still keep it from fetching the page.
  document.addEventListener('securitypolicyviolation', ({ disposition, blockedURI }) => {
    if (disposition === 'enforce' && blockedURI === location.href.split('#')[0]) location.reload();
  });
  // The page loads itself again where this does not run, or cannot: what follows is a comment from here on.
  if (document.readyState === 'loading' && main.replaceChildren && window.fetch) document.write('<!--');
})();`;

/** As a source of a content security policy. */
export const LIVE_SCRIPT_HASH = `'sha256-${createHash('sha256').update(LIVE_SCRIPT).digest('base64')}'`;
