declare module 'koa2' {
  import Koa from 'koa';
  export default Koa;
}

declare module 'koa213' {
  import Koa from 'koa';
  export default Koa;
}
