import { openBrowser } from './open-browser.mjs';

/** Says that all is there: last of all the addresses, with what to click. With `--open` the first one is opened. */
export async function announce(pages, { log, args = process.argv.slice(2) }) {
  const [{ url: first }] = pages;
  const isAsked = args.includes('--open');
  if (isAsked && !(await openBrowser(first))) log('There is no browser here to open.');
  log('Ready. What happens is told here; Ctrl-C ends it.\n');
  for (const { name, url, click } of pages)
    log(`${name.padEnd(10)}${url}\n${' '.repeat(10)}${click}`);
}

/** Ends on Ctrl-C or SIGTERM, once: a terminal sends it to every process of the demo, and npm passes it on. */
export function endOnSignal(close) {
  let ending;
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      ending ??= close().then(() => process.exit(0));
    });
}
