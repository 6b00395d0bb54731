// How every server of the benchmark starts, reports and ends: the same for all, so that only the route differs.

/** Listens on a free port of 127.0.0.1 and tells the parent; ends with the parent, however the parent ends. */
export function listen(server, handledCount = () => null) {
  server.listen(0, '127.0.0.1', () => {
    process.send({ port: server.address().port });
  });
  process.on('message', () => {
    process.send({ handled: handledCount() });
  });
  process.on('disconnect', () => {
    process.exit(0);
  });
}
