/* In pages that are the same for everyone: what the server says of one page, and of one visit, finds its place here. */

// Services that are necessary on this page and not on every one.
const also = own && own.dataset.also;
if (also) S.allow = S.allow.concat(also.split(" "));

/** What may be loaded in this one page: the visitor's own act, which goes before a signal. */
const spent = /~s([a-z\d._+-]+)\.[\w-]{43}$/.exec(cookie(S.once || "")), once = spent ? spent[1].split("+") : [];
if (spent) d.cookie = S.once + "=; path=/; max-age=0; secure";

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

// A page that has a link to the settings needs none of ours.
d.addEventListener("DOMContentLoaded", () => {
  if (d.querySelector("[href^='/_gate/settings']")) S.link = {};
});
