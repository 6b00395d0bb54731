import type { ServerResponse } from 'node:http';
import type { Context } from 'koa';
import { ApiError } from '../api/error-answers.js';
import { rejectionOf } from '../boundary.js';
import type { SandboxState } from '../state/sandbox-state.js';

/** How many pages can follow the sandbox at once. */
const MOST_FOLLOWERS = 100;

/** Those who are told that something changed. */
export interface Changes {
  /** Answers with an event stream that says nothing but "look again". Throws 403 for another site's page. */
  readonly follow: (context: Context) => void;
  /** Tells that something changed which is neither a session nor a delivery. */
  readonly notify: () => void;
}

/** Nobody follows yet. */
export function createChanges(state: SandboxState): Changes {
  const followers = new Set<ServerResponse>();
  let announced = false;

  /** Once for all that happens in one turn; who does not read what was sent is sent nothing more. */
  function notify(): void {
    if (announced || followers.size === 0) return;
    announced = true;
    setImmediate(() => {
      announced = false;
      for (const response of followers)
        if (!response.writableNeedDrain) response.write('data: \n\n');
    });
  }

  state.sessions.onChange(notify);
  state.deliveries.onChange(notify);
  state.closing.signal.addEventListener('abort', () => {
    for (const response of followers) response.end();
  });

  return { follow, notify };

  function follow(context: Context): void {
    // A page of another site cannot read it, but could take every place.
    const reason = rejectionOf(state.settings, context.req, true);
    if (reason !== undefined) throw new ApiError(403, 'forbidden', reason);
    if (followers.size >= MOST_FOLLOWERS)
      throw new ApiError(503, 'network_unavailable', 'too many pages follow this sandbox');
    context.respond = false;
    const { res } = context;
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    // A comment: headers alone may wait in a buffer, and the browser for them.
    res.write(':\n\nretry: 1000\n\n');
    followers.add(res);
    res.once('close', () => followers.delete(res));
    res.on('error', () => undefined);
  }
}
