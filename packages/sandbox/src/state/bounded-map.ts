/** A map that forgets its oldest entries beyond `limit`, so that a sandbox left running never grows without end. */
export class BoundedMap<Value> {
  readonly #entries = new Map<string, Value>();

  constructor(
    private readonly limit: number,
    private readonly onForget: (value: Value) => void = () => undefined,
  ) {}

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  /** Keeps the entry's age when the key is already there. */
  set(key: string, value: Value): void {
    this.#entries.set(key, value);
    if (this.#entries.size <= this.limit) return;
    for (const [oldest, forgotten] of this.#entries) {
      this.#entries.delete(oldest);
      this.onForget(forgotten);
      return;
    }
  }

  /** Oldest first. */
  values(): Value[] {
    return [...this.#entries.values()];
  }
}
