// Stand-in for Clarity's tag: reads consentv2 from its queue, uses cookies unless they are denied.
const queue = (window.clarity && window.clarity.q) || [];
const consent = {};
const work = ([command, value]) => {
  if (command === "consentv2") Object.assign(consent, value);
};
[...queue].forEach(work);
if (consent.analytics_Storage !== "denied") {
  remembered("_clck", () => `${digits()}^2^g1a^0^1`, 365);
  remembered("_clsk", () => `${digits()}^${Date.now()}^1^1^k.clarity.ms/collect`, 1);
}
window.clarity = (...call) => work(call);
send("https://k.clarity.ms/collect", {
  url: location.href, referrer: document.referrer, id: read("_clck") || "",
  consent: Object.entries(consent).map((pair) => pair.join(":")).join(","),
});
