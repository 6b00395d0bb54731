// How every server of the benchmark starts, reports and ends: the same for all, so that only the route differs.

/**
 * Listens on a free port of 127.0.0.1 and tells the parent; ends with the parent, however the parent ends. Asked by a
 * message, it says what the process has cost so far and how many events its handler has run (`null`: it has none).
 */
export function listen(server, handledCount = () => null) {
  server.listen(0, '127.0.0.1', 4096, () => {
    process.send({ port: server.address().port });
  });
  process.on('message', ({ ask }) => {
    const handled = handledCount();
    if (ask === 'collect') globalThis.gc?.();
    const { user, system } = process.cpuUsage();
    process.send({ cpuUs: user + system, handled, rssBytes: process.memoryUsage.rss() });
  });
  process.on('disconnect', () => {
    process.exit(0);
  });
}
