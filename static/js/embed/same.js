/* In pages that are the same for everyone: what the server says of one page, and of one visit, finds its place here. */

// Services that are necessary on this page and not on every one.
const also = own && own.dataset.also;
if (also) S.allow = S.allow.concat(also.split(" "));

/** What may be loaded in this one page: the visitor's own act, which goes before a signal. */
const spent = /~s([a-z\d._+-]+)\.[\w-]{43}$/.exec(cookie(S.once || "")), once = spent ? spent[1].split("+") : [];
if (spent) d.cookie = S.once + "=; path=/; max-age=0" + (/^__/.test(S.once || "") ? "; secure" : "");

/** The state with what is released one by one; a host that nobody has named becomes a service of its own. */
const stored = read;
// @ts-ignore
read = () => {
  const state = stored();
  const services = state.services.concat(once);
  services.forEach(name => { S.services[name] = S.services[name] || ["-", [name]]; });
  return { ...state, services };
};

// A frame that the server has held shows our own page, whose address names the service.
const inert = hold;
// @ts-ignore
hold = (/** @type {HTMLElement} */ element) => { if (!element.dataset || element.dataset.gateSrc == undefined) inert(element); };

// What a policy lets everyone show is said by directives of their own.
const narrow = policyOf;
// @ts-ignore
policyOf = (/** @type {State} */ state) => narrow(state) && narrow(state) + (S.shown || "");

// A page that hydrates its whole document finds it as its server wrote it: a policy that was read stays in force. What
// such a page takes away all the same is put back; one that does it again and again means it.
Promise.resolve().then(() => [...d.head.children].slice(0, 3).forEach(element => {
  if (element == own || element.localName == "noscript" || element.getAttribute("content") == policy) element.remove();
}));
let tries = 0;
const away = () => banner ? !banner.isConnected : d.readyState == "complete" && !d.querySelector("[data-gate-settings]");
new MutationObserver(() => {
  d.head.querySelectorAll("script[src*='/_gate/embed/']").forEach(script => script != own && script.remove());
  if (d.body && away() && tries < 10) setTimeout(() => {
    if (!away() || ++tries > 10) return;
    if (banner) d.body.prepend(banner);
    else link();
  }, 0);
}).observe(d, { childList: true, subtree: true });

/** What scripts have put in while the parser was at work: the server has not looked at it. */
const inserted = S.inserted = new WeakSet();
// What the parser has put in is told before it lets a script run, and what the script has before it goes on.
new MutationObserver(changes => d.currentScript && d.currentScript != own && changes.forEach(({ addedNodes }) => addedNodes.forEach(node => {
  if (node instanceof Element) [node, ...Element.prototype.querySelectorAll.call(node, "[data-gate]")].forEach(element => inserted.add(element));
}))).observe(d, { childList: true, subtree: true });

// A page that has a link to the settings needs none of ours. What comes later, the server has not looked at: scripts that
// wait for the parser's end are already later.
d.addEventListener("readystatechange", () => {
  G.served = new WeakSet([...d.querySelectorAll("[data-gate]")].filter(element => !inserted.has(element)));
  if (d.querySelector("[href^='/_gate/settings']")) S.link = {};
}, { once: true });
