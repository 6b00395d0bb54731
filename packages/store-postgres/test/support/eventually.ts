/** Resolves once `check` is true; the test's own time-out is the limit. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A promise's failure as a value. */
export async function rejectionOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it was expected to reject');
    },
    (error: unknown) => error,
  );
}
