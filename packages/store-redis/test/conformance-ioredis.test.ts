import { conformance } from './support/conformance.js';

conformance('ioredis');
