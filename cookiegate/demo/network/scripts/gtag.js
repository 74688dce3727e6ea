// Stand-in for gtag.js: works off dataLayer in order, keeps the consent state, sends one hit per config and event.
const tag = new URL(document.currentScript.src).searchParams.get("id");
const consent = {};
let defaults = 0;
let updates = 0;

const granted = (type) => consent[type] !== "denied";
const bit = (type) => (type in consent ? Number(granted(type)) : "-");
const source = () => ({
  gclid: landing.get("gclid") || "",
  cs: landing.get("utm_source") || "",
  cm: landing.get("utm_medium") || "",
  cn: landing.get("utm_campaign") || "",
});

const hit = (id, name, extra = {}) => {
  const parameters = {
    v: "2", tid: id, en: name, dl: location.href, dr: document.referrer, dt: document.title, ul: navigator.language,
    gcs: `G1${bit("ad_storage")}${bit("analytics_storage")}`,
    consent: Object.entries(consent).map((pair) => pair.join(":")).join(","),
    consent_defaults: defaults, consent_updates: updates, ...extra,
  };
  if (granted("analytics_storage")) {
    parameters.cid = remembered("_ga", () => `GA1.1.${digits()}.${Math.floor(Date.now() / 1000)}`, 730);
    store(`_ga_${id.replace("G-", "")}`, `GS2.1.s${Math.floor(Date.now() / 1000)}$o1$g0`, 730);
  }
  if (granted("ad_storage")) {
    store("_gcl_au", `1.1.${digits()}.${Math.floor(Date.now() / 1000)}`, 90);
    if (landing.get("gclid")) store("_gcl_aw", `GCL.${Math.floor(Date.now() / 1000)}.${landing.get("gclid")}`, 90);
    Object.assign(parameters, source());
  }
  send("https://www.google-analytics.com/g/collect", parameters);
};

const work = ([command, ...rest]) => {
  if (command === "consent") {
    if (rest[0] === "default") defaults += 1;
    if (rest[0] === "update") updates += 1;
    Object.assign(consent, rest[1]);
  }
  if (command === "config") hit(rest[0], "page_view");
  if (command === "event") hit(tag, rest[0], rest[1]);
};

const layer = (window.dataLayer = window.dataLayer || []);
const isCommand = (entry) => Object.prototype.toString.call(entry) === "[object Arguments]";
const after = layer.push.bind(layer);
[...layer].filter(isCommand).forEach(work);
layer.push = (...entries) => {
  entries.filter(isCommand).forEach(work);
  return after(...entries);
};
