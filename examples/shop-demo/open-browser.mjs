import { spawn } from 'node:child_process';

/** How long a program that opens browsers may take to fail, in ms; some last as long as the browser does. */
const FAILS_WITHIN_MS = 1000;

/** The program that opens an address, or `undefined` where no browser could be seen. */
function openerOf({ platform, env }) {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  const hasScreen = Boolean(env.DISPLAY ?? env.WAYLAND_DISPLAY);
  return hasScreen ? ['xdg-open'] : undefined;
}

/** Opens the machine's browser. Resolves to whether there was one. */
export async function openBrowser(url, machine = process) {
  const [command, ...args] = openerOf(machine) ?? [];
  if (command === undefined) return false;
  const opener = spawn(command, [...args, url], { stdio: 'ignore', env: machine.env });
  opener.unref();
  return new Promise((resolve) => {
    opener.once('error', () => resolve(false));
    opener.once('exit', (code) => resolve(code === 0));
    setTimeout(resolve, FAILS_WITHIN_MS, true).unref();
  });
}
