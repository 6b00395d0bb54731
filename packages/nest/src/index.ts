/**
 * The kit in NestJS 10, 11 and 12.
 * @module @qbitflow/nest
 */

// The module, and what it finds in the app
export {
  QBitFlowModule,
  type QBitFlowModuleAsyncOptions,
  type QBitFlowModuleOptions,
} from './module.js';
export { InjectQBitFlow, OnQBitFlow, QBITFLOW } from './decorators.js';

// One route at a time
export {
  cancelHandler,
  checkoutHandler,
  deliveriesDesk,
  metricsHandler,
  statusHandler,
  successHandler,
  webhookHandler,
  type PlatformHandler,
  type PlatformRequest,
  type PlatformResponse,
} from './handlers.js';
