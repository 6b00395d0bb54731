/** Tells what the sandbox does, a line each. */
export function tellStory(sandbox, log) {
  const told = new Map();
  sandbox.onSession(({ uuid, status }) => {
    if (told.get(uuid) === status) return;
    told.set(uuid, status);
    log(`sandbox   session ${uuid} is ${status}`);
  });
  sandbox.onDelivery(({ id, type, attempts }) => {
    const attempt = attempts.at(-1);
    if (attempt === undefined || told.get(id) === attempt.number) return;
    told.set(id, attempt.number);
    log(`sandbox   webhook ${type}, attempt ${attempt.number}: ${attempt.status ?? attempt.error}`);
  });
}
