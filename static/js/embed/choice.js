/* The stored choice, read without asking anybody. The signature is the service's to check; what keeps others from
   planting a choice here is the name: only this very host may write a `__Host-` cookie. */

const d = document, w = window;
const own = /** @type {HTMLScriptElement | null} */ (d.currentScript);
/** The service's origin. */
const home = S.home || new URL(own && own.src || location.href).origin;
const place = home + "/_gate/embed/" + S.site;
/** @param {string} name */
const fileOf = name => place + "/" + name + "." + /** @type {any} */ (S.files)[name] + ".js";
/** @type {Record<string, string>} */
const CATEGORIES = { p: "preferences", a: "analytics", m: "marketing" };
const TOKEN = /^1~q(\w{12})~d(\d+)(?:~g([amp]+))?(?:~f([nos]+))?(?:~[chru][\w-]+)*(?:~s([a-z\d._+-]+))?\.[\w-]{43}$/;

/** The value of a cookie; a name that stands twice may be planted, and is one that says nothing: no choice, and a mark that
 * lets nothing pass. What a sandboxed frame or a browser's settings keep from being read counts as none.
 * @param {string} name */
function cookie(name) {
  let jar = "";
  try {
    jar = d.cookie;
  } catch { /* Nothing is chosen there. */ }
  const [, value = "", more] = ("; " + jar).split("; " + name + "=");
  return more == null ? value.split(";")[0] : "~";
}

/* The mark, `S.mark`: the most that this browser's visitor has last allowed, from the click. What is stored counts within it, so that
 * neither a late answer nor a planted cookie widens a choice. `question~acts~letters~services~w`; `w` where it is to be sent. */

/** Where the visitor stands; everything that cannot be read is no choice.
 * @returns {State} */
function read() {
  const token = cookie(S.cookie), part = TOKEN.exec(token), age = part && Date.now() / 864e5 - +part[2], n = /** @type {any} */ (navigator);
  const mark = cookie(S.mark), [asked, acts, most = "", single = "", unsent] = mark.split("~"), ours = asked == S.question;
  const valid = part && part[1] == S.question && /** @type {number} */ (age) >= -1 && /** @type {number} */ (age) < S.days;
  let [, , , granted = "", flags = "", ids = ""] = valid ? part : [], services = ids ? ids.split("+") : [];
  // The opt-out signal of the browser, if it sends one.
  const sent = n.globalPrivacyControl == 1 ? "gpc" : S.dnt && n.doNotTrack == 1 ? "dnt" : "", stopped = sent && !flags.includes("o");
  const stored = granted + services;
  if (mark) {
    granted = [...granted].filter(letter => ours && most.includes(letter)).join("");
    if (!ours || single != ids) services = [];
  }
  const refused = ours && !most && !single, waits = ours && unsent || stored != granted + services;
  if (stopped) {
    granted = granted.replace(/[am]/g, "");
    // A service's facts begin with the letter of its category.
    services = services.filter(id => /^p/.test(/** @type {any} */ (S.services[id])));
  }
  return {
    granted, services, signal: stopped ? sent : "", sent, acts, waits,
    seen: token + mark,
    // An objection outlasts the question.
    off: /s/.test(/** @type {any} */ (part && part[4])),
    decided: refused || !!valid && !flags.includes("n"),
    all: !stopped && [...S.categories].every(letter => granted.includes(letter))
  };
}

/** Whether a category, or a single service, may run.
 * @param {State} state @param {string} name */
function allows(state, name) {
  if (state.all || name == "necessary") return true;
  const service = S.services[name];
  if (!service) return CATEGORIES[name[0]] == name && state.granted.includes(name[0]);
  return service[0] == "n" || state.services.includes(name) || state.granted.includes(service[0]);
}
