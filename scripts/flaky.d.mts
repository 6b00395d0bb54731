/** Where a run of the tests is written down. */
export interface Artefacts {
  readonly results: string;
  readonly failures: string;
}

export function artefactsOf(folder: string, nodeMajor: string | undefined, run?: string): Artefacts;

export function runTests(options: {
  readonly vitest: (
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => Promise<number>;
  readonly args: readonly string[];
  readonly folder: string;
  readonly nodeMajor: string | number;
  readonly say: (text: string) => void;
}): Promise<number>;
