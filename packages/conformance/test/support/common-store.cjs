// A CommonJS module: `open` is one of its exports.
module.exports = {
  open: async (argument) => ({
    get: async (key) => `${argument} ${key}`,
    hang: async () => new Promise(() => {}),
  }),
};
