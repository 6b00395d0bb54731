const running = new Set();

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Ends this child, by its own id, should the run itself end first. */
export function endWithUs(child) {
  running.add(child);
  child.once('close', () => running.delete(child));
}
