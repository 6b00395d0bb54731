export { webhookHandler } from './webhook-handler.js';
export { successHandler } from './success-handler.js';
export { cancelHandler } from './cancel-handler.js';
export { checkoutHandler } from './checkout-handler.js';
export { statusHandler } from './status-handler.js';
export { qbitflowRouter } from './router.js';
