/* One choice on its way: to the service, which records it and signs it, and into this site's own cookie. What is taken
   away counts from the moment it is made, whatever becomes of the message; a grant only once it is stored. */

/** Loaders from before the settings named it have it ready. */
const MARK = G.REFUSED || S.mark;

/** @param {string} name @param {string} value @param {number} age seconds @param {string} scope */
function keep(name, value, age, scope) {
  try {
    d.cookie = name + "=" + value + "; path=/; max-age=" + age + "; samesite=lax" + scope;
  } catch { /* A sandboxed page keeps nothing: whoever looks for it finds nothing. */ }
}

/** The mark, read: whether it is one of this question, its number, and what it lets pass. */
function mark() {
  const [asked, acts, most = "", single = ""] = G.cookie(MARK).split("~");
  const ours = asked == S.question;
  return { ours, acts, most: ours ? most : "", services: ours && single ? single.split("+") : [] };
}

/** @param {any} acts @param {string} most @param {string[]} services @param {string} unsent @param {number} age seconds */
function setMark(acts, most, services, unsent, age) {
  // A loader from before there were marks, which had no `make` for others either, takes each for a refusal: it is left one
  // that is not sent yet, and no other.
  if (!G.make && (most || services.length || !unsent)) keep(MARK, "", 0, G.scope);
  else keep(MARK, [S.question, acts, most, services.join("+"), unsent].join("~"), age, G.scope);
}

/** Has the next page, or this one, send what the mark says. */
function sendLater() {
  const { ours, acts, most, services } = mark();
  if (ours) setMark(acts, most, services, "w", S.days * 86400);
}

/** @typedef {{letters: string, off: boolean, services: string[]}} Grant */

/** What a token grants, null where it is none. A choice must answer this question; a refusal answers any.
 * @param {any} reply @param {Record<string, any>} act @returns {Grant | null} */
function grantOf(reply, act) {
  const part = /^1~q(\w{12})~d\d+(?:~g([amp]+))?(?:~f([nos]+))?(?:~[chru][\w-]+)*(?:~s([a-z\d._+-]+))?\.[\w-]{43}$/.exec(reply && reply.token);
  if (!part || !(reply.age >= 0) || !Array.isArray(reply.wipe) || (act.always || /accept|save/.test(act.choice)) && part[1] != S.question) return null;
  return { letters: part[2] || "", off: (part[3] || "").includes("s"), services: part[4] ? part[4].split("+") : [] };
}

/** Of the cookies that script can see; none in a sandboxed page. */
function names() {
  try {
    return d.cookie.split("; ").map(pair => pair.split("=")[0]).filter(Boolean).slice(0, 100);
  } catch {
    return [];
  }
}

/** Of this page's choices: the last one counts, in whichever order they are answered. */
let turn = 0;

/** @param {Record<string, any>} act @param {number} [tries] @param {number} [own] the choice's turn @returns {Promise<Reply>} */
function send(act, tries = 0, own = turn) {
  const body = new URLSearchParams(), token = G.cookie(S.cookie), { acts } = mark();
  const fields = Object.assign({ source: "api", question: S.question, token, lang: d.documentElement.lang, signal: G.read().sent, seen: names() }, act);
  for (const [name, value] of Object.entries(fields)) [].concat(value).forEach(one => body.append(name, one));
  return fetch(G.place + "/consent", { method: "POST", body, credentials: S.shared ? "include" : "omit", keepalive: true })
    .then(answer => answer.ok ? answer.json() : answer.json().then(error => Promise.reject(error)))
    .then(reply => store(reply, token, acts, act, tries, own));
}

/** What the mark says, to the service once more: a message that has not arrived, or a choice that a late answer has gone over.
 * @param {number} [tries] */
function sendMark(tries) {
  const { most, services } = mark(), again = "1", source = "banner";
  return send(most || services.length ? { choice: "save", category: [...most].map(letter => G.CATEGORIES[letter]), service: services, again, source } : { choice: "reject", again, source }, tries);
}

/** @param {any} reply @param {string} token stored when the choice was made @param {string | undefined} acts the mark's number then
 * @param {Record<string, any>} act @param {number} tries @param {number} own @returns {Reply | Promise<Reply>} */
function store(reply, token, acts, act, tries, own) {
  const grant = grantOf(reply, act), last = mark(), there = G.cookie(S.cookie), other = last.acts != acts;
  // Consent to one frame of one page, kept in no choice.
  if (act.once && reply && reply.once) return reply;
  if (!grant) return Promise.reject({});
  // What was sent once more, and has been answered anew meanwhile; a choice that this page's visitor has changed.
  if (act.again && other || act.choice && act.choice != "reject" && own != turn) return reply;
  if (other || there != token && there != reply.token) {
    // A grant that is overtaken again and again is none.
    const instead = tries < 5 ? overtaken(reply, grant, act, there, other, tries + 1, own) : act.choice == "reject" ? null : reply;
    if (instead) return instead;
  }
  // What the service has set itself lasts longer in Safari than what script writes.
  if (there != reply.token) keep(S.cookie, reply.token, reply.age, (S.whole ? "; domain=" + S.whole : "") + G.scope);
  const stored = G.cookie(S.cookie) == reply.token;
  // Statistics that are turned off answer no question: what waits to be sent goes on waiting.
  if (stored && (act.choice || act.always)) {
    const wider = !last.ours || [...grant.letters].some(letter => !last.most.includes(letter));
    setMark(wider ? -~last.acts : last.acts, grant.letters, grant.services, "", reply.age);
  }
  return stored || act.choice == "reject" ? reply : Object.assign(reply, { notice: reply.lost, failed: true });
}

/** What to do where another choice was made while this answer was on its way: nothing that it does not allow is taken up.
 * Null where the answer is to be stored as it is.
 * @param {any} reply @param {Grant} grant @param {Record<string, any>} act @param {string} there the token that is stored now
 * @param {boolean} other whether it was another choice @param {number} tries @param {number} own @returns {Reply | Promise<Reply> | null} */
function overtaken(reply, grant, act, there, other, tries, own) {
  const now = G.read();
  // Set by the service already: the mark holds, and the service hears of it.
  if (there == reply.token) return now.waits ? sendMark(tries) : act.choice == "reject" ? null : reply;
  if (act.always && other) return Object.assign(reply, { notice: reply.kept });
  if (act.statistics || act.always || now.off && !grant.off) return send(act, tries, own);
  if (act.choice == "reject") return null;
  const category = [...grant.letters].filter(letter => now.granted.includes(letter)), service = grant.services.filter(id => now.services.includes(id));
  if (category.length == now.granted.length && service.length == now.services.length) return Object.assign(reply, { notice: now.granted ? "" : reply.kept });
  return send({ ...act, choice: category.length + service.length ? "save" : "reject", category: category.map(letter => G.CATEGORIES[letter]), service }, tries, own);
}
