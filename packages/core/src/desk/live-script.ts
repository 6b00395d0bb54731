import { createHash } from 'node:crypto';

/**
 * The desk's one script, the same on every page, allowed by its hash. It fetches the page itself again and puts in what has
 * changed, so there is one renderer: when the server says that something happened, and every few seconds where there is no
 * stream. What is being read or typed in is left alone: a part that holds the focus or a selection, and opened details.
 */
export const LIVE_SCRIPT = `(() => {
  const main = document.querySelector('main[data-live]');
  if (!main) return;
  const seconds = Number(main.dataset.live);
  let timer, source, busy = false, again = false, done = false;
  const inUse = (part) => {
    if (part.contains(document.activeElement)) return true;
    const selection = document.getSelection();
    return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
  };
  const keepOpen = (from, to) => {
    for (const open of to.querySelectorAll('details[open][id]')) {
      const same = [...from.querySelectorAll('details')].find(({ id }) => id === open.id);
      if (same) same.open = true;
    }
  };
  const show = (page) => {
    const next = page.querySelector('main');
    if (!next) return;
    if (page.title !== document.title) document.title = page.title;
    for (const to of main.querySelectorAll('[data-part]')) {
      const from = next.querySelector('[data-part="' + to.dataset.part + '"]');
      if (!from || inUse(to)) continue;
      keepOpen(from, to);
      if (from.innerHTML !== to.innerHTML) to.replaceChildren(...from.childNodes);
    }
    if (!next.dataset.live) stop();
  };
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' }, cache: 'no-store', redirect: 'manual' });
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      else if (answer.type === 'opaqueredirect' || answer.status === 403) { stop(); location.reload(); }
    } catch {} finally { busy = false; }
    if (again && !done) { again = false; await refresh(); }
  };
  const tick = () => {
    clearTimeout(timer);
    if (!done && !document.hidden) timer = setTimeout(async () => { await refresh(); tick(); }, seconds * 1000);
  };
  const listen = () => {
    if (done || document.hidden || source || !window.EventSource || !main.dataset.stream) return;
    source = new EventSource(main.dataset.stream);
    source.addEventListener('status', () => { void refresh(); });
  };
  const leave = () => {
    clearTimeout(timer);
    if (source) source.close();
    source = undefined;
  };
  const stop = () => { done = true; leave(); };
  document.addEventListener('visibilitychange', () => {
    if (done) return;
    leave();
    if (document.hidden) return;
    void refresh();
    tick();
    listen();
  });
  tick();
  listen();
})();`;

/** As a source of a content security policy. */
export const LIVE_SCRIPT_HASH = `'sha256-${createHash('sha256').update(LIVE_SCRIPT).digest('base64')}'`;
