// How every server of the benchmark starts, reports and ends: the same for all, so that only the route differs.

/**
 * Listens on a free port of 127.0.0.1 and tells the parent; ends with the parent, however the parent ends. Asked by a
 * message, it says what the process has cost so far and how many events its handler has run (`null`: it has none), or
 * what `answers` has for it.
 */
export function listen(server, handledCount = () => null, answers = {}) {
  server.listen(0, '127.0.0.1', 4096, () => {
    process.send({ port: server.address().port });
  });
  function figures() {
    const { user, system } = process.cpuUsage();
    return { cpuUs: user + system, handled: handledCount() };
  }
  async function answer({ ask, with: given }) {
    process.send(await (Object.hasOwn(answers, ask) ? answers[ask](given) : figures()));
  }
  process.on('message', (message) => void answer(message));
  process.on('disconnect', () => {
    process.exit(0);
  });
}
