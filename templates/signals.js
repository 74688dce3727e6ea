{#- Vendors' consent signals, right before their first tag: everything denied, then one update. Sources: Google
    "Set up consent mode", Microsoft "UET consent mode", Clarity "consentv2", Meta "fbq consent", TikTok
    "holdConsent", Pinterest "setconsent". -#}
(function(w){
{% if "google" in vendors %}
var d=w.dataLayer=w.dataLayer||[];
function g(){d.push(arguments)}
g("consent","default",{{ google_default|tojson }});
{% if google_update %}
g("consent","update",{{ google_update|tojson }});
{% endif %}
{% endif %}
{% if "microsoft" in vendors %}
var u=w.uetq=w.uetq||[];
u.push("consent","default",{ad_storage:"denied"});
{% if marketing %}
u.push("consent","update",{ad_storage:"granted"});
{% endif %}
{% endif %}
{% if "clarity" in vendors %}
w.clarity=w.clarity||function(){(w.clarity.q=w.clarity.q||[]).push(arguments)};
w.clarity("consentv2",{{ clarity|tojson }});
{% endif %}
{% if "meta" in vendors or "pinterest" in vendors %}
function v(o,n,f){Object.defineProperty(o,n,{configurable:true,enumerable:true,get:function(){},set:function(x){
Object.defineProperty(o,n,{configurable:true,enumerable:true,writable:true,value:x});f(x)}})}
{% endif %}
{% if "tiktok" in vendors %}
var t=w.ttq=w.ttq||[];
t.push(["holdConsent"]);
{% if marketing %}
t.push(["grantConsent"]);
{% endif %}
{% endif %}
{% if "pinterest" in vendors %}
function p(q){q.push(["setconsent",false]{% if marketing %},["setconsent",true]{% endif %})}
if(w.pintrk){w.pintrk("setconsent",{{ marketing|tojson }})}
else v(w,"pintrk",function(f){if(typeof f=="function"){if(f.queue)p(f.queue);else v(f,"queue",p)}});
{% endif %}
{% if "meta" in vendors %}
function m(q){(function(){q.push(arguments)})("consent","revoke"){% if marketing %};(function(){q.push(arguments)})("consent","grant"){% endif %}}
if(w.fbq){w.fbq("consent","revoke"){% if marketing %};w.fbq("consent","grant"){% endif %}}
{#- Meta's snippet gives up where window.fbq is there already, so it is met at the moment it makes its queue. #}
else v(w,"fbq",function(f){if(typeof f=="function"){if(f.queue)m(f.queue);else v(f,"queue",m)}});
{% endif %}
{#- A page that hydrates its whole document finds no element that it did not make. #}
var c=document.currentScript;if(c)c.remove()
})(window)
