// What a delivery may not cost unseen: each of these is planted in a handler, and must be found.
const kept = [];

/** By name. */
export const plants = {
  promise: () => void Promise.resolve(),
  timer: () => clearTimeout(setTimeout(() => undefined, 60_000)),
  // 2 kB: 250 pointers and a header.
  bytes: () => {
    kept.length = 0;
    kept.push(Array.from({ length: 250 }, () => 0));
  },
};
