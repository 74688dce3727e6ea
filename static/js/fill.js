// Inlined in the banner: the page's own address with its fragment, and where the visitor came from.
{let d=document,l=location,r=d.referrer,p=d.currentScript.parentNode,s=p.parentNode,n=0,
// React 18 fails over an unknown first child when it hydrates a whole document. It begins by listening to "abort"
// there, at once, and hydrates a task later: the banner steps aside until React has marked the root element.
w=()=>Object.keys(d.documentElement).some(k=>/^__reactF/.test(k))||n++>99?(s.away=0,d.body.prepend(s)):setTimeout(w,20);
for(let f of p.querySelectorAll("form")){
f.return.value=l.pathname+l.search+l.hash;
if(r&&r.split("/")[2]!=l.host)f.referrer.value=r}
d.addEventListener=function(t){
if(t=="abort"&&!n)s.away=n=1,s.remove(),w();
EventTarget.prototype.addEventListener.apply(this,arguments)}}
