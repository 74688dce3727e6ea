/* In the page of the service that shows one frame where the policy of the page around it does not let it pass: what the
   address says after its `#`, if it is the named service's. The policy of this page says the same once more. */

function show() {
  const asked = new URLSearchParams(location.hash.slice(1)), frame = document.createElement("iframe");
  let url;
  try {
    url = new URL(asked.get("src") || "");
  } catch {
    return;
  }
  // Opened by itself it would show a visitor what they have not asked for.
  if (self.top == self || !within(url, (document.documentElement.dataset.sources || "").split(" "))) return;
  // What the page around has not handed on to this one, this one cannot hand on.
  frame.allow = asked.get("allow") || "";
  frame.title = asked.get("title") || "";
  frame.referrerPolicy = /** @type {ReferrerPolicy} */ (asked.get("referrer") || "");
  frame.allowFullscreen = asked.has("full");
  frame.src = url.href;
  document.body.replaceChildren(frame);
}

addEventListener("hashchange", () => location.reload());
show();
