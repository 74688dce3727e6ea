// Inlined in the banner: the page's own address with its fragment, and where the visitor came from.
for(let f of document.currentScript.parentNode.querySelectorAll("form")){
let l=location,r=document.referrer;
f.return.value=l.pathname+l.search+l.hash;
if(r&&r.split("/")[2]!=l.host)f.referrer.value=r}
