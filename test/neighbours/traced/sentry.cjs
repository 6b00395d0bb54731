const Sentry = require('@sentry/node');

const paths = [];
const client = Sentry.init({
  dsn: 'https://nobody@sentry.invalid/1',
  tracesSampleRate: 1,
});
client.on('spanEnd', (span) => {
  const { attributes } = Sentry.spanToJSON(span);
  if (attributes['sentry.op'] === 'http.server') paths.push(attributes['url.path']);
});

/** The requests that were traced, by their paths. */
exports.traced = () => paths;
exports.setUp = { express: Sentry.setupExpressErrorHandler, koa: Sentry.setupKoaErrorHandler };
