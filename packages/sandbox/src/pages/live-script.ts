import { createHash } from 'node:crypto';

/**
 * What runs in the browser. Every page works without it: it keeps what is marked `data-live` as it stands at the server,
 * posts forms marked `data-inline` without leaving the page, counts down, and focuses the search on `/`.
 */
export const LIVE_SCRIPT = `
(() => {
  'use strict';
  const indicator = document.getElementById('live');
  const report = document.getElementById('report');
  const lastSeen = new WeakMap();
  let source, timer, busy = false, again = false;

  const say = (state, words) => {
    if (!indicator) return;
    indicator.dataset.state = state;
    indicator.textContent = words;
  };

  function swap(next) {
    for (const region of document.querySelectorAll('[data-live]')) {
      const fresh = next.getElementById(region.id);
      if (!fresh) continue;
      const before = lastSeen.get(region) ?? region.innerHTML;
      if (before === fresh.innerHTML) continue;
      const active = document.activeElement;
      const inside = region.contains(active);
      // What somebody is typing or choosing is theirs: it is brought up to date when they leave it.
      if (inside && active.matches('input, select, textarea')) continue;
      const focused = inside ? active.id : '';
      region.innerHTML = fresh.innerHTML;
      lastSeen.set(region, fresh.innerHTML);
      if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    }
  }

  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
      const text = await answer.text();
      if (answer.ok) swap(new DOMParser().parseFromString(text, 'text/html'));
    } catch { say('away', 'The sandbox does not answer'); }
    busy = false;
    if (again) { again = false; soon(); }
  }

  function soon() {
    if (timer || document.hidden) return;
    timer = setTimeout(() => { timer = undefined; void refresh(); }, 120);
  }

  // A tab that nobody sees needs no connection: browsers have six for all tabs of an address.
  function follow() {
    if (!indicator || document.hidden) { source?.close(); source = undefined; return; }
    if (source) return;
    source = new EventSource('/sandbox/changes');
    source.onopen = () => { say('on', 'Live'); soon(); };
    source.onmessage = soon;
    source.onerror = () => {
      say('away', 'The sandbox does not answer');
      if (source?.readyState === EventSource.CLOSED) {
        source = undefined;
        setTimeout(follow, 3000);
      }
    };
  }
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', () => { source?.close(); source = undefined; });
  addEventListener('pageshow', follow);

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.inline === undefined) return;
    event.preventDefault();
    void post(form);
  });

  async function post(form) {
    const button = form.querySelector('button');
    if (button) button.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'text/html' },
        body: new URLSearchParams(new FormData(form)),
      });
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const problem = next.getElementById('problem');
      const refused = 'The sandbox refused it (' + answer.status + ')';
      tell(problem?.textContent ?? (answer.ok ? form.dataset.inline : refused), !answer.ok);
      if (answer.ok && answer.url === location.href) swap(next);
      else soon();
    } catch { tell('The sandbox does not answer', true); }
    button?.removeAttribute('aria-busy');
  }

  function tell(words, isProblem) {
    if (!report) return;
    report.textContent = words;
    report.className = isProblem ? 'report bad' : 'report';
    report.hidden = false;
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => { report.hidden = true; }, isProblem ? 15000 : 4000);
  }

  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.matches('input, select, textarea')) return;
    const search = document.getElementById('search');
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // By what was left when the page was made: the sandbox's clock may be another than the browser's.
  for (const element of document.querySelectorAll('[data-left-ms]')) {
    const end = document.timeline.currentTime + Number(element.dataset.leftMs);
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((end - document.timeline.currentTime) / 1000));
      const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
      element.textContent = [h, m, s].map((part) => String(part).padStart(2, '0')).join(':');
      if (seconds > 0) setTimeout(tick, 500);
      else if (Number(element.dataset.leftMs) > 0) setTimeout(() => location.reload(), 1000);
    };
    tick();
  }
})();
`;

/** What a page's policy lets run: this text and nothing else. */
export const LIVE_SCRIPT_HASH = `sha256-${createHash('sha256').update(LIVE_SCRIPT).digest('base64')}`;
