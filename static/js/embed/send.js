/* One choice on its way: to the service, which records it and signs it, and into this site's own cookie. A refusal
   counts from the moment it is made, whatever becomes of the message; a grant only once it is stored. */

/** @param {string} name @param {string} value @param {number} age seconds */
function keep(name, value, age) {
  d.cookie = name + "=" + value + "; path=/; max-age=" + age + "; samesite=lax" + G.scope;
}

/** @param {Record<string, any>} act @param {boolean} again @returns {Promise<Reply>} */
function send(act, again) {
  const began = Date.now(), body = new URLSearchParams(), before = G.read();
  const names = d.cookie.split("; ").map(pair => pair.split("=")[0]).filter(Boolean).slice(0, 100);
  const fields = Object.assign({ source: "api", question: S.question, token: G.cookie(S.cookie), lang: d.documentElement.lang, signal: before.sent, seen: names }, act);
  for (const [name, value] of Object.entries(fields)) [].concat(value).forEach(one => body.append(name, one));
  return fetch(G.place + "/consent", { method: "POST", body, credentials: S.shared ? "include" : "omit", keepalive: true })
    .then(answer => answer.ok ? answer.json() : answer.json().then(error => Promise.reject(error)))
    .then(reply => store(reply, before.token, began, act, again));
}

/** @param {Reply} reply @param {string} token stored when the choice was made @param {number} began @param {Record<string, any>} act @param {boolean} again @returns {Reply} */
function store(reply, token, began, act, again) {
  const reject = act.choice == "reject";
  // Another tab has refused since this choice was made, and was answered or was not: the refusal stands.
  const mark = G.cookie(G.REFUSED), refusedAt = +(mark.split("~")[1] || 0);
  const now = G.read(), refused = refusedAt > began || now.token != token && now.decided && !now.granted && !now.services.length;
  if (!reject && refused) return Object.assign(reply, { notice: reply.kept });
  // An old refusal, sent once more, that somebody has answered anew meanwhile.
  if (again && !mark) return reply;
  // What the service has set itself lasts longer in Safari than what script writes.
  if (G.cookie(S.cookie) != reply.token) keep(S.cookie, reply.token, reply.age);
  const stored = G.cookie(S.cookie) == reply.token;
  // Statistics that are turned off answer no question: a refusal that waits to be sent goes on waiting.
  if (stored && act.choice) {
    // A tag with an older question finds no answer to its own in what the service signed: the mark stays, as one that was sent.
    const old = reject && !G.read().token;
    keep(G.REFUSED, old ? S.question + "~0" : "", old ? reply.age : 0);
  }
  return stored || reject ? reply : Object.assign(reply, { notice: reply.lost, failed: true });
}
