import { createHash } from 'node:crypto';

/** The desk's one style sheet. Colours have a contrast of 4.5 to 1 and more on what they stand on, in both modes. */
export const STYLE = `:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--text:#1a1f36;--quiet:#545b70;--edge:#e0e3ea;--edge2:#868da3;--link:#4338ca;--accent:#4f46e5;--on:#fff;--good:#0b7a46;--goodbg:#e3f5ea;--bad:#b3261e;--badbg:#fdebe9;--warn:#8a5300;--warnbg:#fdf1d8;--run:#1d5fb8;--runbg:#e4effc;--idle:#4c5266;--idlebg:#eceef3;--bar:#6d68e8;--barbad:#dc4a40;--hover:#f3f4f8}
@media(prefers-color-scheme:dark){:root{--bg:#101219;--card:#181b24;--text:#e6e8ef;--quiet:#a2a9bd;--edge:#2b3040;--edge2:#6f7790;--link:#a5a8ff;--accent:#5b54e6;--on:#fff;--good:#56d491;--goodbg:#123324;--bad:#ff9189;--badbg:#401b19;--warn:#f3c26b;--warnbg:#3a2c10;--run:#86b8ff;--runbg:#172b48;--idle:#bcc2d3;--idlebg:#272c3a;--bar:#8581ff;--barbad:#ff7167;--hover:#1f2330}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--link);text-decoration:none}
a:hover,main p a,main li a,dd a,.quiet a,footer a{text-decoration:underline;text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}
.skip:focus{left:8px;top:8px;background:var(--card);padding:6px 10px;z-index:2}
header{background:var(--card);border-bottom:1px solid var(--edge)}
header>div,main,footer{max-width:1160px;margin:0 auto;padding:0 20px}
header>div{display:flex;align-items:center;gap:4px 22px;flex-wrap:wrap;min-height:52px;padding-top:8px;padding-bottom:8px}
.name{font-weight:650;color:var(--text);letter-spacing:-.01em;white-space:nowrap}
nav{display:flex;gap:4px}
nav a{padding:5px 10px;border-radius:6px;color:var(--quiet);font-weight:500}
nav a:hover{background:var(--hover);text-decoration:none}
nav a[aria-current]{background:var(--idlebg);color:var(--text)}
header form{margin-left:auto;display:flex;gap:6px;flex:0 1 380px}
header input{flex:1;min-width:0}
main{padding-top:22px;padding-bottom:40px}
h1{font-size:20px;line-height:1.3;margin:0 0 4px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:14px;font-weight:650;margin:0}
.lead{color:var(--quiet);margin:0 0 18px;overflow-wrap:anywhere}
section{background:var(--card);border:1px solid var(--edge);border-radius:10px;margin:0 0 16px;overflow:hidden}
section>.head{display:flex;align-items:center;gap:6px 12px;flex-wrap:wrap;padding:11px 16px;border-bottom:1px solid var(--edge)}
.head .end{margin-left:auto;display:flex;gap:8px;align-items:center;flex-wrap:wrap}
.pad{padding:14px 16px}
.pad>:first-child{margin-top:0}.pad>:last-child{margin-bottom:0}
.quiet{color:var(--quiet)}
.mono,code,pre{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
code{overflow-wrap:anywhere}
.all{-webkit-user-select:all;user-select:all}
.tiles{display:grid;grid-template-columns:repeat(6,1fr);gap:12px;margin:0 0 16px;padding:0;list-style:none}
.tiles a,.tiles div{display:block;height:100%;background:var(--card);border:1px solid var(--edge);border-radius:10px;padding:12px 14px;color:var(--text);text-decoration:none!important}
.tiles a:hover{border-color:var(--edge2)}
.tiles b{display:block;font-size:22px;line-height:1.25;font-weight:600;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.tiles span{color:var(--quiet);font-size:13px}
.tiles .alarm b{color:var(--bad)}
.tiles .alert b{color:var(--warn)}
.note{border-radius:10px;padding:11px 16px;margin:0 0 16px;border:1px solid var(--edge);background:var(--idlebg);overflow-wrap:anywhere}
.note p{margin:0 0 4px}.note p:last-child{margin:0}
.note.bad{background:var(--badbg);color:var(--bad);border-color:transparent}
.note.warn{background:var(--warnbg);color:var(--warn);border-color:transparent}
.note.good{background:var(--goodbg);color:var(--good);border-color:transparent}
.note a{color:inherit;text-decoration:underline}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{font-weight:500;color:var(--quiet);font-size:12.5px;text-align:left;padding:8px 12px;white-space:nowrap;border-bottom:1px solid var(--edge)}
td{padding:8px 12px;border-bottom:1px solid var(--edge);vertical-align:top}
tr:last-child>td{border-bottom:0}
tbody tr:hover{background:var(--hover)}
th:first-child,td:first-child{padding-left:16px}th:last-child,td:last-child{padding-right:16px}
.num{text-align:right}
td.num,td.tight{white-space:nowrap}
td.err{color:var(--bad);overflow-wrap:anywhere;min-width:180px}
td .sub{display:block;color:var(--quiet);overflow-wrap:anywhere}
.badge{display:inline-block;border-radius:5px;padding:1px 7px;font-size:12px;font-weight:550;background:var(--idlebg);color:var(--idle);white-space:nowrap}
.badge.done{background:var(--goodbg);color:var(--good)}
.badge.dead{background:var(--badbg);color:var(--bad)}
.badge.running{background:var(--runbg);color:var(--run)}
.badge.unhandled,.badge.late{background:var(--warnbg);color:var(--warn)}
svg{display:block}
svg .bar{fill:var(--bar)}svg .bad{fill:var(--barbad)}svg .axis{stroke:var(--edge)}svg .p50{fill:var(--bar)}svg .p95{fill:var(--bar);opacity:.4}
.wide{width:100%;height:100px}
.scale{display:flex;justify-content:space-between;margin:0;font-size:12px}
.key{display:inline-block;width:9px;height:9px;border-radius:2px;background:var(--bar);margin:0 5px 0 10px}
.key.bad{background:var(--barbad)}
.seg{display:inline-flex;border:1px solid var(--edge);border-radius:7px;overflow:hidden}
.seg a{padding:3px 10px;color:var(--quiet);font-size:13px}
.seg a[aria-current]{background:var(--idlebg);color:var(--text);font-weight:550}
input,select,button,.button{font:inherit;border-radius:7px;border:1px solid var(--edge2);background:var(--card);color:var(--text);padding:5px 10px;min-height:32px}
input::placeholder{color:var(--quiet);opacity:1}
button,.button{cursor:pointer;font-weight:550;display:inline-block;line-height:20px;text-decoration:none!important;white-space:nowrap}
button:hover,.button:hover{background:var(--hover)}
.go{background:var(--accent);border-color:var(--accent);color:var(--on)}
.go:hover{background:var(--accent);filter:brightness(1.08)}
.danger{color:var(--bad);border-color:var(--bad)}
.row{display:flex;gap:8px;flex-wrap:wrap;align-items:center}
.row form{display:contents}
.gap{margin-bottom:16px}
.pad>dl+p{margin-top:16px}
.filter{display:grid;grid-template-columns:repeat(4,1fr);gap:10px 12px}
.filter label{display:block;font-size:12.5px;color:var(--quiet);min-width:0}
.filter input,.filter select{display:block;width:100%;margin-top:3px;color:var(--text)}
.filter .wrong input{border-color:var(--bad)}
.filter em{color:var(--bad);font-style:normal}
.filter .row{grid-column:1/-1}
dl{display:grid;grid-template-columns:max-content 1fr;gap:7px 20px;margin:0}
dt{color:var(--quiet)}
dd{margin:0;min-width:0;overflow-wrap:anywhere}
.cols{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 16px;align-items:start}
.time{list-style:none;margin:0;padding:0}
.time>li{position:relative;padding:0 0 16px 24px}
.time>li:last-child{padding-bottom:0}
.time>li::before{content:"";position:absolute;left:3px;top:5px;width:9px;height:9px;border-radius:50%;background:var(--edge2)}
.time>li:not(:last-child)::after{content:"";position:absolute;left:7px;top:18px;bottom:0;border-left:1px solid var(--edge)}
.time>li.good::before{background:var(--good)}.time>li.bad::before{background:var(--barbad)}.time>li.run::before{background:var(--run)}
.time ul{margin:4px 0 0;padding:0;list-style:none}
.time .sub{display:block;color:var(--quiet)}
.msg{color:var(--bad);overflow-wrap:anywhere;white-space:pre-wrap}
pre{margin:0;padding:14px 16px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;tab-size:2}
details pre{background:var(--bg);border-radius:7px;padding:10px 12px;margin-top:6px}
summary{cursor:pointer;color:var(--link)}
pre .k{color:var(--text)}pre .s{color:var(--good)}pre .n{color:var(--run)}pre .masked{color:var(--quiet)}
footer{color:var(--quiet);font-size:12.5px;padding-bottom:28px}
footer p{margin:0 0 4px}
.pager{display:flex;gap:8px;padding:11px 16px;border-top:1px solid var(--edge);align-items:center}
@media(min-width:1000px){td>.mono,td.mono{white-space:nowrap}}
@media(max-width:760px){header>div,main,footer{padding-left:14px;padding-right:14px}header form{flex-basis:100%;margin:0}.tiles{grid-template-columns:repeat(3,1fr);gap:8px}.tiles a,.tiles div{padding:9px 11px}.tiles b{font-size:18px}.filter{grid-template-columns:1fr 1fr}.cols{grid-template-columns:minmax(0,1fr)}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:8px}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.cards,.cards tbody,.cards tr,.cards td{display:block;width:100%}.cards tr{padding:9px 14px;border-bottom:1px solid var(--edge)}.cards tr:last-child{border:0}.cards td{padding:1px 0!important;border:0;min-width:0;text-align:left;white-space:normal}.cards td[data-label]::before{content:attr(data-label) " ";color:var(--quiet)}}
@media(max-width:420px){.tiles{grid-template-columns:1fr 1fr}}
@media(prefers-reduced-motion:no-preference){.badge.running{animation:p .8s ease-in-out 6 alternate}@keyframes p{to{opacity:.65}}}
@media(forced-colors:active){.badge,.seg a[aria-current],nav a[aria-current]{border:1px solid}svg .bar,svg .p50{fill:LinkText}svg .bad{fill:CanvasText}}
@media print{header form,nav,button,.button{display:none}}`;

/** As a source of a content security policy. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
