import { createHash } from 'node:crypto';
import { LIVE_SCRIPT } from './live-script.js';

/**
 * What makes the page nicer where scripts run: times in the customer's own time zone, buttons that copy and print. What
 * it needs is in the page's markup; without it the times are in UTC and the buttons hidden.
 */
const EXTRAS_SCRIPT = `(() => {
  try {
    const main = document.querySelector('main');
    const said = document.querySelector('.said');
    const can = { copy: !!(navigator.clipboard && window.isSecureContext), print: !!window.print };
    const dress = () => {
      for (const time of main.querySelectorAll('time[data-local]')) {
        const style = time.dataset.local === 'day' ? { dateStyle: 'long' } : { dateStyle: 'long', timeStyle: 'short' };
        time.title = time.textContent;
        time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, style).format(new Date(time.dateTime));
        delete time.dataset.local;
      }
      for (const button of main.querySelectorAll('button[hidden]'))
        if ('print' in button.dataset ? can.print : can.copy) button.hidden = false;
    };
    document.addEventListener('click', async ({ target }) => {
      const button = target.closest && target.closest('button');
      if (!button) return;
      if ('print' in button.dataset) window.print();
      if (!button.dataset.copy) return;
      await navigator.clipboard.writeText(button.dataset.copy);
      const label = button.textContent;
      if (label === button.dataset.copied) return;
      button.textContent = said.textContent = button.dataset.copied;
      setTimeout(() => { button.textContent = label; said.textContent = ''; }, 2500);
    });
    new MutationObserver(dress).observe(main, { childList: true, subtree: true });
    dress();
  } catch {}
})();`;

/** The page's one script, the same on every page, allowed by its hash. */
export const PAGE_SCRIPT = `${EXTRAS_SCRIPT}\n${LIVE_SCRIPT}`;

/** As a source of a content security policy. */
export const PAGE_SCRIPT_HASH = `'sha256-${createHash('sha256').update(PAGE_SCRIPT).digest('base64')}'`;
