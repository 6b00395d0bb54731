/**
 * The part of the page's script that listens to the live status and fetches the page
 * itself again when something has changed, so there is one renderer, and who may not see the page gets nothing.
 *
 * A stream holds a connection, of which a browser has six for a shop on HTTP/1.1, all its tabs together: a hidden tab
 * closes its stream and looks again when it is shown, and of those that are shown at once two may have one (locks are
 * shared by an origin's tabs). The others, and those for which the server has no place, poll every few seconds.
 */
export const LIVE_SCRIPT = `(() => {
  const main = document.querySelector('main[data-live],main[data-more]');
  if (!main) return;
  let state = main.dataset.state, source, timer, release, looks = 0, claiming = false, busy = false, again = false, done = !main.dataset.live, wait = 500;
  const show = (next, title) => {
    document.title = title;
    for (const part of ['icon', 'title', 'amount', 'news', 'facts', 'actions']) {
      const from = next.querySelector('[data-part=' + part + ']');
      const to = main.querySelector('[data-part=' + part + ']');
      if (from && to && from.innerHTML !== to.innerHTML) to.replaceChildren(...from.childNodes);
    }
    if (!main.querySelector('[data-part]')) main.replaceChildren(...next.childNodes);
    state = next.dataset.state;
    if (!next.dataset.live) stop();
    lookForMore(next.dataset.more);
  };
  // Details that were not there in time come without anything having happened.
  const lookForMore = (more) => { if (more && wait < 64000) setTimeout(refresh, wait *= 2); };
  const leave = () => {
    clearTimeout(timer);
    if (source) source.close();
    if (release) release();
    source = release = undefined;
  };
  const stop = () => { done = true; leave(); };
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
  const look = (times) => {
    leave();
    looks = times;
    if (done || document.hidden) return;
    timer = setTimeout(async () => { await refresh(); if (looks > 1) look(looks - 1); else listen(); }, 3000 + 2000 * Math.random());
  };
  const open = (free) => {
    claiming = false;
    if (done || document.hidden) { free(); return; }
    leave();
    release = free;
    source = new EventSource(main.dataset.live);
    source.addEventListener('status', (event) => {
      const key = JSON.parse(event.data);
      if (key.state + ' ' + key.step + ' ' + key.attemptFailed !== state) void refresh();
    });
    source.addEventListener('busy', () => look(8));
    source.addEventListener('error', () => { if (source && source.readyState === 2) look(8); });
  };
  const claim = (place) => navigator.locks.request('qbitflow-live-' + place, { ifAvailable: true }, (lock) => {
    if (lock) return new Promise((free) => open(free));
    if (place < 2) return claim(place + 1);
    claiming = false;
    look(1);
  });
  const listen = () => {
    if (done || document.hidden || source || claiming) return;
    if (!window.EventSource) { look(1); return; }
    claiming = true;
    if (navigator.locks) claim(1).catch(() => open(() => {}));
    else open(() => {});
  };
  document.addEventListener('visibilitychange', () => {
    if (done) return;
    leave();
    if (document.hidden) return;
    void refresh();
    listen();
  });
  listen();
  lookForMore(main.dataset.more);
  // Another Content-Security-Policy may let this run and still keep it from fetching the page.
  document.addEventListener('securitypolicyviolation', ({ disposition, blockedURI }) => {
    if (disposition === 'enforce' && blockedURI === location.href.split('#')[0]) location.reload();
  });
  // The page loads itself again where this does not run, or cannot: what follows is a comment from here on.
  if (main.dataset.live && document.readyState === 'loading' && main.replaceChildren && window.fetch) document.write('<!--');
})();`;
