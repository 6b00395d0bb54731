/**
 * What another process of the suite runs: it opens the merchant's module and passes calls on to its store. A text and
 * not a file, so that it needs no path of its own in either module format.
 */
export const CHILD_SCRIPT = `
process.once('disconnect', () => process.exit());
let store;
const open = async (module, argument) => {
  const { open = module.default?.open } = module;
  store = await open(argument);
  await store.init?.();
};
const call = async ({ method, args }) =>
  method === 'open' ? open(await import(args[0]), args[1]) : store[method](...args);
process.on('message', (message) => {
  call(message).then(
    (value) => process.send({ id: message.id, value }),
    (error) => process.send({ id: message.id, error: String(error?.stack ?? error) }),
  );
});
`;
