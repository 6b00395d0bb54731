declare module 'fastify4' {
  import fastify from 'fastify';
  export default fastify;
}

declare module 'fastify40' {
  import fastify from 'fastify';
  export default fastify;
}
