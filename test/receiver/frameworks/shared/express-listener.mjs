import { qbitflowRouter } from '@qbitflow/express';

/** An Express app as a merchant would write it; `express` is the module of either version. */
export function expressListener(express, qbitflow, { parser, mount, shop, routes }) {
  const parsers = {
    json: () => express.json(),
    raw: () => express.raw({ type: () => true, limit: '2mb' }),
  };
  const app = express();
  if (Object.hasOwn(parsers, parser)) app.use(parsers[parser]());
  const kit = qbitflowRouter(qbitflow, routes);
  if (mount === '') app.use(kit);
  else app.use(mount, express.Router().use(kit));
  if (shop) addShop(app);
  return app;
}

function addShop(app) {
  app.get('/own', (_request, response) => {
    response.send('a page of the shop');
  });
  app.get('/broken', () => {
    throw new Error('a route of the shop is broken');
  });
  // Four parameters: that is how Express knows an error middleware.
  app.use((_error, _request, response, _next) => {
    response.status(500).send('the error page of the shop');
  });
}
