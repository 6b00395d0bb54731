/**
 * Tells an attempt, and the handler that runs in it, to stop. An `AbortSignal` is made only for a handler that looks
 * at its own: making two for every delivery cost as much as verifying it. A class, because an object literal with a
 * getter gets a hidden class of its own each time, which only a full garbage collection takes away again.
 */
export class StopSwitch {
  #reason: Error | undefined;
  #controller: AbortController | undefined;
  #follower: StopSwitch | undefined;
  #released = false;

  get stopped(): boolean {
    return this.#reason !== undefined;
  }

  /** Aborts when stopped. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** Whether the attempt is over and its outcome being written: stopping comes too late then. */
  get released(): boolean {
    return this.#released;
  }

  release(): void {
    this.#released = true;
  }

  stop(reason: Error): void {
    if (this.#released || this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#follower?.stop(reason);
  }

  /** A switch that stops with this one, until another follows it: one handler runs at a time. */
  follower(): StopSwitch {
    this.#follower = new StopSwitch();
    if (this.#reason !== undefined) this.#follower.stop(this.#reason);
    return this.#follower;
  }
}
