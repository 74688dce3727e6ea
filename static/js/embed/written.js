/* Vendors hear of a grant before the tags that follow, where a script can still be written into the page. */

let now = read();
/** Whether vendors must hear of a grant by a script that has not come along. */
let apart = /** @type {any} */ (S.files && S.files.signals && now.granted + now.services);
// Tags that follow find their vendors' consent decided: only a script that the parser waits for is early enough. It was
// fetched with the choice, and is kept for ever.
if (apart && d.readyState == "loading" && own && !own.async && !own.defer) {
  try {
    // On the slowest lines Chromium does not wait for a script that is written into the page from another site.
    if (!S.shared && /2g/.test((/** @type {any} */ (navigator).connection || {}).effectiveType)) throw 0;
    d.write('<script src="' + fileOf("signals") + '" nonce="' + own.nonce + '"><\/script>');
    apart = 0;
  } catch {
    // Without what their vendors must hear first, services stay held in this one page.
    if (!now.all) now = { ...now, granted: "", services: [] };
  }
}
