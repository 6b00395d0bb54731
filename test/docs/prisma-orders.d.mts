import type { PrismaPg } from '@prisma/adapter-pg';

export declare class PrismaClient {
  constructor(options: { readonly adapter: PrismaPg });
  $disconnect(): Promise<void>;
}
