// Inlined in the banner: the page's own address with its fragment, and where the visitor came from (what is no
// other site is of no use to the server).
{let d=document,l=location,r=d.referrer,e=d.currentScript,p=e.parentNode,s=p.parentNode,a=d.addEventListener,n=0,
// banner.js waits in a template, where the browser's look-ahead does not see it, until the banner has been painted.
t=e.previousSibling.content,
// React 18 fails over an unknown first child when it hydrates a whole document. It begins by listening to "abort"
// there, at once, and hydrates a task later: the banner steps aside until React has marked the root element.
b=()=>d.body.prepend(s),
w=()=>/__reactF/.test(Object.keys(d.documentElement))||n++>99?(s.away=0,b()):setTimeout(w,20);
for(let f of p.querySelectorAll("form")){
f.return.value=l.pathname+l.search+l.hash;
if(r)f.referrer.value=r}
// A script outside the document would not start: a banner that the page has removed by then comes back first.
t&&requestAnimationFrame(()=>setTimeout(()=>{s.away||s.isConnected||b();p.append(t)}));
d.addEventListener=function(...k){
if(k[0]=="abort"&&!n)s.away=n=1,s.remove(),w();
a.apply(this,k)}}
