export { webhookHandler } from './webhook-handler.js';
export { successHandler } from './success-handler.js';
export { cancelHandler } from './cancel-handler.js';
export { qbitflowRouter } from './router.js';
