import { detached } from './async-context.js';
import { QBitFlowError } from './errors.js';
import type { HttpResponse } from './http/http.js';

/** Gives what is loaded on demand. Rejects with `misconfigured` where its file cannot be loaded. */
export type OnDemand<Loaded> = () => Promise<Loaded>;

/**
 * What is loaded with the first request for it, once, and in no request's async context: what is loaded stays. What could
 * not be loaded is tried again with the next request.
 */
export function onDemand<Loaded>(load: () => Promise<Loaded>): OnDemand<Loaded> {
  let loading: Promise<Loaded> | undefined;
  return async () => {
    const current = (loading ??= detached(load));
    try {
      return await current;
    } catch (cause) {
      if (loading === current) loading = undefined;
      throw new QBitFlowError(
        'misconfigured',
        'a part of the kit that is loaded when it is first used could not be loaded: deploy every file of the package, or every file that the bundler wrote',
        { cause },
      );
    }
  };
}

/** The answer of what is loaded on demand; of `otherwise` where that cannot be loaded. */
export async function answerOf<Loaded>(
  load: OnDemand<Loaded>,
  answer: (loaded: Loaded) => Promise<HttpResponse>,
  otherwise: (error: unknown) => HttpResponse,
): Promise<HttpResponse> {
  let loaded: Loaded;
  try {
    loaded = await load();
  } catch (error) {
    return otherwise(error);
  }
  return answer(loaded);
}
