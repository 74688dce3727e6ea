// Stand-in for Microsoft's UET tag: reads the consent pushes, then reports the page.
const queue = window.uetq || [];
const consent = {};
for (let at = 0; at < queue.length; at += 1) {
  if (queue[at] === "consent" && typeof queue[at + 2] === "object") Object.assign(consent, queue[at + 2]);
}
const denied = consent.ad_storage === "denied";
if (!denied) {
  remembered("_uetsid", digits, 1);
  remembered("_uetvid", digits, 390);
}
window.uetq = { push: (...call) => { if (call[0] === "consent") Object.assign(consent, call[2]); } };
pixel("https://bat.bing.com/action/0", {
  ti: "187000001", evt: "pageLoad", asc: denied ? "D" : "G", p: location.href, r: document.referrer,
  msclkid: landing.get("msclkid") || "", vid: read("_uetvid") || "",
});
