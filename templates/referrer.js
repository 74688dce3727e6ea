{#- The external referrer comes in the fragment, which no server sees, and is gone before any other script runs. -#}
(function(l,d){
var c=d.currentScript;if(c)c.remove();
var m=/[#&]gate-referrer=([^&]*)/.exec(l.hash),r,h;
if(!m)return;
h=l.hash.replace(m[0],"");
history.replaceState(history.state,"",l.pathname+l.search+h);
if(h.length>1)addEventListener("DOMContentLoaded",function(){l.replace(h)});
try{r=decodeURIComponent(m[1])}catch(e){return}
if(/^https?:\/\//.test(r))Object.defineProperty(d,"referrer",{configurable:true,get:function(){return r}})
})(location,document)
