/** What a promise rejects with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it did not reject');
}

/** Asks again until there is an answer; a rejection is asked again too. */
export async function eventually<Answer>(ask: () => Promise<Answer | undefined>): Promise<Answer> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- the test's own time limit ends this
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) return answer;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await pass(20);
  }
}

/** Lets real time pass. */
export async function pass(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
