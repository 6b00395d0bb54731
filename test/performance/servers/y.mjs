import { createServer } from 'node:http';
import { listen } from './shared/listen.mjs';
const v=process.env.MODE;
const H={'content-type':'application/json; charset=utf-8','content-length':'17'};
listen(createServer((req,res)=>{const c=[];req.on('data',(x)=>c.push(x));req.on('end',()=>{
 const go=()=>{res.writeHead(200,H);res.end('{"received":true}')};
 if(v==='sync') go(); else if (v==='micro') Promise.resolve().then(go); else if (v==='micro5') (async()=>{for(let i=0;i<5;i++) await 0; go()})(); else if (v==='spin') {const t=process.hrtime.bigint()+40000n; while(process.hrtime.bigint()<t); go();}
})}));
