// Stand-in for fbevents.js: works off the queue, honours consent revoke, sets _fbp and _fbc, calls /tr.
const fbq = window.fbq;
const waiting = [];
let revoked = false;
let pixelId = "";

const hit = (name) => {
  const id = remembered("_fbp", () => `fb.1.${Date.now()}.${digits()}`, 90);
  if (landing.get("fbclid")) store("_fbc", `fb.1.${Date.now()}.${landing.get("fbclid")}`, 90);
  pixel("https://www.facebook.com/tr/", {
    id: pixelId, ev: name, dl: location.href, rl: document.referrer, fbp: id, fbc: read("_fbc") || "",
  });
};
const track = (name) => (revoked ? waiting.push(name) : hit(name));
const work = ([command, value]) => {
  if (command === "init") pixelId = value;
  if (command === "consent") {
    revoked = value === "revoke";
    if (!revoked) waiting.splice(0).forEach(hit);
  }
  if (command === "track") track(value);
};
if (fbq) {
  fbq.callMethod = (...call) => work(call);
  fbq.queue.splice(0).forEach(work);
}
