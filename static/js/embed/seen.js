/* One message for each page that somebody sees: its path, the site it was come from, the campaign, and where the visitor
   stands. No cookie goes with it and nothing in it tells one visitor from another. */

const seen = () => fetch(place + "/seen", { method: "POST", keepalive: true, credentials: "omit", referrerPolicy: "no-referrer", body: new URLSearchParams({
  path: location.pathname,
  query: (location.search.match(/\butm_\w+=[^&]*/g) || []).join("&"),
  // A page that is loaded anew, as after a choice, is no other arrival.
  from: /** @type {any} */ (performance.getEntriesByType("navigation")[0] || {}).type != "navigate" ? location.origin : d.referrer.split("/", 3).join("/"),
  state: (now.decided ? "d" : "u") + now.granted,
  signal: now.signal,
  asked: banner ? "1" : ""
}) }).catch(() => {});
// By itself, since a slow phone has enough to do with what body brings.
if (S.views && top && !now.off) body.then(() => /** @type {any} */ (d).prerendering ? d.addEventListener("prerenderingchange", seen) : setTimeout(seen));
