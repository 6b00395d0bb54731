// Sends as many events as it is told on one connection, each when the last one is answered and handled.
import { createHmac, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { paymentCompleted, SECRET } from '../performance/lib/deliveries.mjs';

const { port } = workerData;
const socket = connect(port, '127.0.0.1');
let waiting = 0;
let faults = [];
let isAnswered = false;
let isHandled = false;

function send() {
  [isAnswered, isHandled] = [false, false];
  socket.write(request());
}

function request() {
  const body = Buffer.from(JSON.stringify(paymentCompleted()));
  const t = Math.floor(Date.now() / 1000);
  const mac = createHmac('sha256', SECRET).update(`${t}.`).update(body).digest('hex');
  const head = [
    'POST /webhook HTTP/1.1',
    'Host: shop.test',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `QBitFlow-Signature: t=${t},v1=${mac}`,
    `X-Request-Id: ${randomUUID()}`,
    '\r\n',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

function goOn() {
  if (!isAnswered || !isHandled) return;
  waiting -= 1;
  if (waiting > 0) return send();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's
  parentPort.postMessage(faults);
}

let answer = '';
socket.setNoDelay(true).setEncoding('latin1');
socket.on('data', (text) => {
  answer += text;
  // The whole answer is there with its body's last brace.
  if (!answer.endsWith('}')) return;
  isAnswered = true;
  if (!answer.startsWith('HTTP/1.1 200')) {
    faults.push(answer);
    isHandled = true;
  }
  answer = '';
  goOn();
});
parentPort.on('message', (message) => {
  if (message === 'handled') {
    isHandled = true;
    goOn();
    return;
  }
  waiting = message;
  faults = [];
  send();
});
