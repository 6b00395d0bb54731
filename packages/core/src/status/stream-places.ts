/** A stream that wants a place. */
export interface PlacedStream {
  /** The id that is looked at. */
  readonly id: string;
  readonly client: string;
  /** Whether somebody vouches for the id. */
  readonly isKnown: () => boolean;
  /** Ends the stream: another one has its place. */
  readonly end: () => void;
}

/** The streams of one kit. Each holds a connection and some memory; who finds no place looks by itself. */
export interface StreamPlaces {
  /** A place, perhaps another stream's, and how to leave it; `undefined` when there is none. */
  take(stream: PlacedStream): (() => void) | undefined;
}

/** How many streams may be open. */
export interface StreamLimits {
  readonly inAll: number;
  /** Of one id. */
  readonly ofOneId: number;
}

const LIMITS: StreamLimits = { inAll: 2_000, ofOneId: 100 };

/**
 * Nobody has a share of their own, so one address may be many customers behind a proxy that nobody told us of. Once all
 * places are taken, ids that somebody vouches for may have those of others; else it is the client with most streams who
 * gives one up, the oldest, be it for itself. For one id that is no gain: its next viewer finds no place.
 */
export function createStreamPlaces({ inAll, ofOneId }: StreamLimits = LIMITS): StreamPlaces {
  /** The oldest first. */
  const open = new Set<PlacedStream>();
  const byId = new Map<string, Set<PlacedStream>>();

  function leave(stream: PlacedStream): void {
    open.delete(stream);
    const alike = byId.get(stream.id);
    alike?.delete(stream);
    if (alike?.size === 0) byId.delete(stream.id);
  }

  /** Whose place a stream of an id may have that has too many; `undefined`: nobody's. */
  function toLeaveId(
    stream: PlacedStream,
    alike: ReadonlySet<PlacedStream>,
  ): PlacedStream | undefined {
    const counts = countByClient(alike);
    const heaviest = heaviestOf(alike, counts);
    return outweighs(heaviest, stream, counts) ? heaviest : undefined;
  }

  /** The same where there are too many in all. */
  function toLeave(stream: PlacedStream): PlacedStream | undefined {
    const counts = countByClient(open);
    const unknown = [...open].filter((other) => !other.isKnown());
    const isKnown = stream.isKnown();
    if (isKnown && unknown.length > 0) return heaviestOf(unknown, counts);
    const heaviest = heaviestOf(isKnown ? open : unknown, counts);
    const isOwn = heaviest?.client === stream.client;
    return isOwn || outweighs(heaviest, stream, counts) ? heaviest : undefined;
  }

  return {
    take(stream) {
      const alike = byId.get(stream.id) ?? new Set();
      const isCrowded = alike.size >= ofOneId;
      if (isCrowded || open.size >= inAll) {
        const leaving = isCrowded ? toLeaveId(stream, alike) : toLeave(stream);
        if (leaving === undefined) return undefined;
        leave(leaving);
        leaving.end();
      }
      open.add(stream);
      byId.set(stream.id, alike.add(stream));
      return () => {
        leave(stream);
      };
    },
  };
}

function countByClient(streams: Iterable<PlacedStream>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { client } of streams) counts.set(client, (counts.get(client) ?? 0) + 1);
  return counts;
}

/** The oldest stream of the client that has most. */
function heaviestOf(
  streams: Iterable<PlacedStream>,
  counts: ReadonlyMap<string, number>,
): PlacedStream | undefined {
  let heaviest: PlacedStream | undefined;
  let most = 0;
  for (const stream of streams) {
    const count = counts.get(stream.client) ?? 0;
    if (count <= most) continue;
    most = count;
    heaviest = stream;
  }
  return heaviest;
}

/** Whether a client would still have as many as a newcomer's when it gave one up. */
function outweighs(
  heaviest: PlacedStream | undefined,
  { client }: PlacedStream,
  counts: ReadonlyMap<string, number>,
): boolean {
  if (heaviest === undefined) return false;
  return (counts.get(heaviest.client) ?? 0) > (counts.get(client) ?? 0) + 1;
}
