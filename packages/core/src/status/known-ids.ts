import { createRotatingMap } from '../rotating-map.js';

/**
 * Ids that nobody made up: those of sessions that this kit opened, and of transactions that a webhook named, here or on
 * another instance. They are asked about before those of strangers, and may take their place.
 */
export interface KnownIds {
  vouch(uuid: string): void;
  has(uuid: string): boolean;
}

const REMEMBERED = 20_000;

/** No ids yet. */
export function createKnownIds(): KnownIds {
  const ids = createRotatingMap<true>(REMEMBERED);
  return {
    vouch: (uuid) => {
      ids.set(bare(uuid), true);
    },
    has: (uuid) => ids.get(bare(uuid)) === true,
  };
}

/** Links carry ids with their prefix or without. Other spellings stay strangers': one id has millions of them. */
function bare(uuid: string): string {
  return uuid.replace(/^(?:pay|sub)@/, '');
}
