// What is bundled: takes a delivery that comes whole and one that comes in pieces, shows the page, and ends.
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { qbitflowRouter } from '@qbitflow/express';
import express from 'express';

const secret = 'whsec_bundles';
const kit = createQBitFlow({ webhookSecret: secret, processing: 'before-reply' });
kit.onAny((event) => console.log(event.type));
const server = express().use('/qbitflow', qbitflowRouter(kit)).listen(0, '127.0.0.1', send);

async function* inPieces(body) {
  for (let at = 0; at < body.length; at += 400) yield body.subarray(at, at + 400);
}

async function send() {
  const url = `http://127.0.0.1:${server.address().port}/qbitflow`;
  const bodies = [
    [fixtures.v2['payment.completed'](), (body) => ({ body })],
    [fixtures.v2['subscription.created'](), (body) => ({ body: inPieces(body), duplex: 'half' })],
  ];
  for (const [event, sent] of bodies) {
    const { headers, body } = signDelivery({ version: 'v2', secret, body: event });
    const given = sent(Buffer.from(body));
    const answer = await fetch(`${url}/webhook`, { method: 'POST', headers, ...given });
    console.log(answer.status);
  }
  const page = await fetch(`${url}/success`);
  console.log(page.status, page.headers.get('content-type'));
  await kit.close();
  server.close();
  server.closeAllConnections();
}
