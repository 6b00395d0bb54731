import { describe } from 'vitest';
import { bodies, bodyContents } from './behaviours/bodies.js';
import { deliveries, firstDeliveries } from './behaviours/deliveries.js';
import { handlers } from './behaviours/handlers.js';
import { methods } from './behaviours/methods.js';
import { mounting } from './behaviours/mounting.js';
import { parsers } from './behaviours/parsers.js';
import { returnPages, statesOfPages } from './behaviours/return-pages.js';
import { signatures } from './behaviours/signatures.js';
import { troubledReturns } from './behaviours/troubled-returns.js';
import { stopping } from './behaviours/stopping.js';
import { subjectOf } from './support/receivers.js';
import { targets } from './support/targets.js';

// What a framework can change: asked of every way to mount the kit, each in a process of its own.
describe.each(targets)('%s', (target) => {
  const subject = subjectOf(target);
  describe('deliveries', () => {
    firstDeliveries(subject);
  });
  describe('bodies', () => {
    bodies(subject);
  });
  describe('methods and paths', () => {
    methods(subject);
  });
  describe('body parsers in front', () => {
    parsers(subject);
  });
  describe('mounting', () => {
    mounting(subject);
  });
  describe('return pages', () => {
    returnPages(subject);
  });
  describe('stopping', () => {
    stopping(subject);
  });
});

// What core decides by itself is the same everywhere: asked once, of a server that has no framework.
describe('whatever the framework', () => {
  const subject = subjectOf('node');
  describe('deliveries', () => {
    deliveries(subject);
  });
  describe('signatures', () => {
    signatures(subject);
  });
  describe('bodies', () => {
    bodyContents(subject);
  });
  describe('handlers that go wrong', () => {
    handlers(subject);
  });
  describe('return pages', () => {
    statesOfPages(subject);
  });
  describe('return pages in trouble', () => {
    troubledReturns(subject);
  });
});
