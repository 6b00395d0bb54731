// A test file that spins or hangs blocks its worker process, where no timer of a test can fire any more. This reporter
// watches from outside: it names the file and ends the run, instead of leaving both to the time limit of the machine.
import { subscribe } from 'node:diagnostics_channel';

const LIMIT_MS = 300_000;

export default class FileTimeoutReporter {
  #limitMs;
  #timers = new Map();
  #children = new Set();

  constructor({ limitMs = LIMIT_MS } = {}) {
    this.#limitMs = limitMs;
    subscribe('child_process', ({ process: child }) => {
      this.#children.add(child);
      child.once('exit', () => this.#children.delete(child));
    });
  }

  onTestModuleQueued({ moduleId }) {
    this.onTestModuleEnd({ moduleId });
    this.#timers.set(
      moduleId,
      setTimeout(() => this.#giveUp(moduleId), this.#limitMs),
    );
  }

  /** A long file is not one that hangs: each of its tests has the whole time. */
  onTestCaseResult({ module }) {
    if (this.#timers.has(module.moduleId)) this.onTestModuleQueued(module);
  }

  onTestModuleEnd({ moduleId }) {
    clearTimeout(this.#timers.get(moduleId));
    this.#timers.delete(moduleId);
  }

  #giveUp(moduleId) {
    console.error(
      `✗ FAILED: ${moduleId} did not end within ${this.#limitMs / 1000} s, nor any test of it`,
    );
    for (const child of this.#children) child.kill('SIGKILL');
    process.exit(1);
  }
}
