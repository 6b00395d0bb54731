import type { Readable } from 'node:stream';

/**
 * Whether a request is a stream that nobody has read. Some hosts (Azure Functions) and test doubles hand over an event
 * emitter with the body on it, of which no byte will ever come.
 */
export function isUnread(stream: Readable | undefined): stream is Readable {
  return isStream(stream) && !stream.readableDidRead && !stream.readableEnded;
}

/** Whether it can be read at all. */
export function isStream(stream: Readable | undefined): stream is Readable {
  const methods = ['on', 'read', 'resume', 'destroy'] as const;
  return stream !== undefined && methods.every((name) => typeof stream[name] === 'function');
}

/** Sets a stream going that somebody paused before it came to us; call it once its listeners are there. */
export function startFlowing(stream: Readable): void {
  // Listening to its data is enough for a stream that was left alone.
  if (stream.readableFlowing !== false) return;
  if (stream.listenerCount('readable') === 0) {
    stream.resume();
    return;
  }
  // Beside a listener to `readable` it never flows: it has to be read, which gives its data to every listener.
  function pull(): void {
    while (stream.read() !== null);
  }
  stream.on('readable', pull);
  pull();
}
