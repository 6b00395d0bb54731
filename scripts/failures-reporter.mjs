// Notes which files failed, with the first error of each, and whether anything went wrong outside of the files: what
// scripts/flaky.mjs decides by. Vitest's own JSON says nothing of errors that no test has caught.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export default class FailuresReporter {
  #outputFile;

  constructor({ outputFile }) {
    this.#outputFile = outputFile;
  }

  onTestRunEnd(modules, unhandledErrors, reason) {
    const failures = modules.filter((module) => !module.ok()).map(failureOf);
    const unhandled = unhandledErrors.map(({ message }) => firstLine(message));
    mkdirSync(dirname(this.#outputFile), { recursive: true });
    writeFileSync(this.#outputFile, JSON.stringify({ failures, unhandled, reason }));
  }
}

function failureOf(module) {
  for (const test of module.children.allTests('failed')) {
    const [error] = test.result().errors ?? [];
    return { file: module.moduleId, test: test.fullName, error: firstLine(error?.message) };
  }
  const [error] = [...module.errors(), ...suiteErrors(module)];
  return { file: module.moduleId, test: 'the file itself', error: firstLine(error?.message) };
}

function suiteErrors(module) {
  return [...module.children.allSuites()].flatMap((suite) => suite.errors());
}

function firstLine(text) {
  return String(text ?? 'no message').split('\n', 1)[0];
}
