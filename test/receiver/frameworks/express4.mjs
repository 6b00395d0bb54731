import express from 'express4';
import { expressListener } from './shared/express-listener.mjs';

/** The routes in an app of Express 4. */
export function createListener(qbitflow, options) {
  return expressListener(express, qbitflow, options);
}
