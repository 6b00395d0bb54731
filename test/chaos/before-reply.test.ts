import { chaos } from './support/chaos-test.js';

chaos('before-reply', { events: 25, 'handled before the answer': 24 });
