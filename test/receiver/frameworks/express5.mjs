import express from 'express';
import { expressListener } from './shared/express-listener.mjs';

/** The routes in an app of Express 5. */
export function createListener(qbitflow, options) {
  return expressListener(express, qbitflow, options);
}
