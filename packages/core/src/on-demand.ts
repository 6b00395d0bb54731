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

/** A room of the kit that is loaded on demand and closed with the kit. */
export interface RoomOnDemand<Room> {
  readonly load: OnDemand<Room>;
  /** `undefined` until it is loaded. */
  readonly current: () => Room | undefined;
  readonly close: () => void;
}

/** {@link onDemand} for what has to be closed: what is loaded after that is closed as it comes. */
export function roomOnDemand<Room extends { close(): void }>(
  load: () => Promise<Room>,
): RoomOnDemand<Room> {
  let room: Room | undefined;
  let isClosed = false;
  return {
    load: onDemand(async () => {
      room = await load();
      if (isClosed) room.close();
      return room;
    }),
    current: () => room,
    close() {
      isClosed = true;
      room?.close();
    },
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
