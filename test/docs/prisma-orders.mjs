// A client of Prisma's for one table, `orders (id text primary key, paid boolean)`: what `prisma generate` makes of
//
//   model Order {
//     id   String  @id
//     paid Boolean @default(false)
//     @@map("orders")
//   }
//
// less what only editors need. The generator itself is no dependency: it would fetch an engine from outside of npm.
import { getPrismaClient } from '@prisma/client/runtime/client';

const schema = [
  'datasource db {',
  '  provider = "postgresql"',
  '}',
  'model Order {',
  '  id   String  @id',
  '  paid Boolean @default(false)',
  '  @@map("orders")',
  '}',
];
const operations = [
  'where',
  'Order.findUnique',
  'Order.findUniqueOrThrow',
  'orderBy',
  'cursor',
  'Order.findFirst',
  'Order.findFirstOrThrow',
  'Order.findMany',
  'data',
  'Order.createOne',
  'Order.createMany',
  'Order.createManyAndReturn',
  'Order.updateOne',
  'Order.updateMany',
  'Order.updateManyAndReturn',
  'create',
  'update',
  'Order.upsertOne',
  'Order.deleteOne',
  'Order.deleteMany',
  'having',
  '_count',
  '_min',
  '_max',
  'Order.groupBy',
  'Order.aggregate',
  'AND',
  'OR',
  'NOT',
  'id',
  'paid',
  'equals',
  'not',
  'in',
  'notIn',
  'lt',
  'lte',
  'gt',
  'gte',
  'contains',
  'startsWith',
  'endsWith',
  'set',
];
const graph =
  'KQkQBRoAACIAMBsAAAQAEBwAACIAMB0BAAAAAR4gACQAIQEAAAABACABAAAAAQAgBRoAACIAMBsAAAQAEBwAACIAMB0BACMAIR4gACQAIQADAAAABAAgAwAABQAwBAAAAQAgAwAAAAQAIAMAAAUAMAQAAAEAIAMAAAAEACADAAAFADAEAAABACACHQEAAAABHiAAAAABAQgAAAkAIAIdAQAAAAEeIAAAAAEBCAAACwAwAQgAAAsAMAIdAQAoACEeIAApACECAAAAAQAgCAAADgAgAh0BACgAIR4gACkAIQIAAAAEACAIAAAQACACAAAABAAgCAAAEAAgAwAAAAEAIA8AAAkAIBAAAA4AIAEAAAABACABAAAABAAgAxUAACUAIBYAACcAIBcAACYAIAUaAAAaADAbAAAXABAcAAAaADAdAQAbACEeIAAcACEDAAAABAAgAwAAFgAwFAAAFwAgAwAAAAQAIAMAAAUAMAQAAAEAIAUaAAAaADAbAAAXABAcAAAaADAdAQAbACEeIAAcACEOFQAAHgAgFgAAIQAgFwAAIQAgHwEAAAABIAEAIAAhIQEAAAAEIgEAAAAEIwEAAAABJAEAAAABJQEAAAABJgEAAAABJwEAAAABKAEAAAABKQEAAAABBRUAAB4AIBYAAB8AIBcAAB8AIB8gAAAAASAgAB0AIQUVAAAeACAWAAAfACAXAAAfACAfIAAAAAEgIAAdACEIHwIAAAABIAIAHgAhIQIAAAAEIgIAAAAEIwIAAAABJAIAAAABJQIAAAABJgIAAAABAh8gAAAAASAgAB8AIQ4VAAAeACAWAAAhACAXAAAhACAfAQAAAAEgAQAgACEhAQAAAAQiAQAAAAQjAQAAAAEkAQAAAAElAQAAAAEmAQAAAAEnAQAAAAEoAQAAAAEpAQAAAAELHwEAAAABIAEAIQAhIQEAAAAEIgEAAAAEIwEAAAABJAEAAAABJQEAAAABJgEAAAABJwEAAAABKAEAAAABKQEAAAABBRoAACIAMBsAAAQAEBwAACIAMB0BACMAIR4gACQAIQsfAQAAAAEgAQAhACEhAQAAAAQiAQAAAAQjAQAAAAEkAQAAAAElAQAAAAEmAQAAAAEnAQAAAAEoAQAAAAEpAQAAAAECHyAAAAABICAAHwAhAAAAASoBAAAAAQEqIAAAAAEAAAAAAxUABhYABxcACAAAAAMVAAYWAAcXAAgBAgECAwEFBgEGBwEHCAEJCgEKDAILDQMMDwENEQIOEgQREwESFAETFQIYGAUZGQk';

export const PrismaClient = getPrismaClient({
  previewFeatures: [],
  clientVersion: '7.10.0',
  engineVersion: 'none',
  activeProvider: 'postgresql',
  inlineSchema: schema.join('\n'),
  runtimeDataModel: {
    models: {
      Order: {
        fields: [
          { name: 'id', kind: 'scalar', type: 'String' },
          { name: 'paid', kind: 'scalar', type: 'Boolean' },
        ],
        dbName: 'orders',
        schema: null,
      },
    },
    enums: {},
    types: {},
  },
  parameterizationSchema: { strings: operations, graph },
  compilerWasm: {
    getRuntime: async () => import('@prisma/client/runtime/query_compiler_fast_bg.postgresql.mjs'),
    async getQueryCompilerWasmModule() {
      const { wasm } =
        await import('@prisma/client/runtime/query_compiler_fast_bg.postgresql.wasm-base64.mjs');
      return new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    },
    importName: './query_compiler_fast_bg.js',
  },
});
