/** Randomness that a seed repeats: mulberry32, good enough to choose what to break and when. */
export function seeded(seed) {
  let state = seed >>> 0;

  /** A number in [0, 1). */
  function next() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `from` to `to`, both included. */
  const whole = (from, to) => from + Math.floor(next() * (to - from + 1));

  return {
    whole,
    pick: (list) => list[whole(0, list.length - 1)],
    shuffled(list) {
      const result = [...list];
      for (let index = result.length - 1; index > 0; index -= 1) {
        const other = whole(0, index);
        [result[index], result[other]] = [result[other], result[index]];
      }
      return result;
    },
    /** A UUID of version 4. */
    uuid() {
      const hex = Array.from({ length: 32 }, () => whole(0, 15).toString(16)).join('');
      return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
    },
    /** Randomness of its own for one of several that run side by side. */
    fork: () => seeded(whole(0, 4_294_967_295)),
  };
}
