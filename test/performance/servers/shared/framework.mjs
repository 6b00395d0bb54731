// Which release of a framework a server is about: the alias of its package, as the only argument.

/** `express` or `express4`, `koa` or `koa2`. */
export const framework = (await import(process.argv[2])).default;
