import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
import { createQBitFlow, memoryStore, toNodeHandler, verifySignature, parseEvent } from '@qbitflow/core';
const mode = process.env.MODE;
const fake = { name:'fake', durable:true, record: async()=>({status:'recorded'}), takeDue: async()=>[], complete(){}, close(){} };
const secret=process.env.QBITFLOW_WEBHOOK_SECRET;
if (mode==='bare') listen(createServer((req,res)=>{req.on('data',()=>{});req.on('end',()=>{res.writeHead(200,{'content-length':'17','content-type':'application/json'});res.end('{"received":true}')})}));
else {
const q = createQBitFlow({ webhookSecret: secret, store: mode==='fake'?fake:memoryStore(), processing: mode==='mem'||mode==='fake'?'elsewhere':'background' });
q.on('payment.completed', async()=>{});
q.start();
listen(createServer(toNodeHandler(q)));
}
