/** A request that the API got, a WebSocket's opening too. */
export interface SandboxRequest {
  readonly method: string;
  /** As it was sent, with its query: `/v2/transaction/…`. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the API was asked, whatever it answered. */
export interface RequestLog {
  readonly add: (request: SandboxRequest) => void;
  /** How many of those kept have the text in, or match, their `<method> <path>`. */
  readonly count: (pattern: string | RegExp) => number;
  /** Oldest first. */
  readonly list: () => SandboxRequest[];
  readonly clear: () => void;
}

/** An empty log that keeps the last `limit` requests. */
export function createRequestLog(limit: number): RequestLog {
  let requests: SandboxRequest[] = [];
  return {
    add(request) {
      requests.push(request);
      // Cut in halves, not one by one: moving the whole list at every request would slow a busy test down.
      if (requests.length > limit * 2) requests = newest();
    },
    count: (pattern) =>
      newest().filter(({ method, path }) => contains(`${method} ${path}`, pattern)).length,
    list: newest,
    clear() {
      requests = [];
    },
  };

  function newest(): SandboxRequest[] {
    return requests.slice(Math.max(0, requests.length - limit));
  }
}

/** `search` and not `test`: a caller's sticky or global expression has a memory. */
function contains(text: string, pattern: string | RegExp): boolean {
  return typeof pattern === 'string' ? text.includes(pattern) : text.search(pattern) !== -1;
}
