import { conformance } from './support/conformance.js';

conformance('node-redis');
