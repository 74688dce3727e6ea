/* Smooths the banner; without it everything works by plain form posts. Rejecting needs no reload. Accepting
   reloads, unless something typed would be lost: then it applies from the next page. A page that hydrates its whole
   document may remove the banner: it is put back, unless it has been answered. */
(function () {
  "use strict";
  var banner = document.currentScript.closest("section");
  var answered = false;

  var typed = false;

  // A framework may write what is typed into the default value too, so the typing itself counts as well.
  document.addEventListener("input", function (event) {
    if (!banner.contains(event.target)) typed = true;
  }, true);

  function keepsInput() {
    if (typed) return true;
    return [].some.call(document.querySelectorAll("input, textarea, select"), function (field) {
      if (banner.contains(field) || field.type === "hidden" || field.disabled) return false;
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.type === "file") return field.files.length > 0;
      if (field.options) return [].some.call(field.options, function (option) {
        return option.selected !== option.defaultSelected && (option.index > 0 || field.multiple);
      });
      return field.value !== field.defaultValue;
    }) || [].some.call(document.querySelectorAll("[contenteditable]:not([contenteditable=false])"), function (part) {
      return part === document.activeElement && part.textContent.trim() !== "";
    });
  }

  function say(answer) {
    var box = banner.querySelector("div"), text = document.createElement("p"), hide = document.createElement("button");
    text.textContent = answer.notice;
    hide.type = "button";
    hide.textContent = answer.hide;
    hide.className = "gate-hide";
    hide.addEventListener("click", function () { banner.remove(); });
    box.replaceChildren(text, hide);
    banner.setAttribute("role", "alert");
    banner.tabIndex = -1;
    banner.focus({ preventScroll: false });
  }

  function complain() {
    var text = banner.querySelector("[role=alert]") || document.createElement("p");
    text.setAttribute("role", "alert");
    text.textContent = banner.dataset.failed;
    banner.querySelector("div").prepend(text);
  }

  banner.addEventListener("submit", function (event) {
    var form = event.target, button = event.submitter;
    if (!button || !window.fetch) return;
    var waits = button.value !== "reject" && keepsInput();
    if (button.value !== "reject" && !waits) return;
    event.preventDefault();
    var body = new URLSearchParams(new FormData(form));
    body.set(button.name, button.value);
    if (waits) body.set("later", "1");
    fetch(form.action, { method: "POST", body: body, headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then(function (response) { return response.ok ? response.json() : Promise.reject(response); })
      .then(function (answer) { answered = true; say(answer); })
      .catch(function () {
        // The plain way tells the visitor what went wrong; where input would be lost they are told here.
        if (waits) return complain();
        form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
        form.submit();
      });
  });

  function putBack() {
    if (!answered && !banner.away && !banner.isConnected && document.body) document.body.prepend(banner);
  }
  var tries = 0;
  putBack();
  new MutationObserver(function (changes, observer) {
    // `away`: the inline script has taken it out for a moment and brings it back itself.
    if (banner.isConnected || banner.away) return;
    // A page that removes it again and again means it: ten times are enough.
    if (++tries > 10 || answered) return observer.disconnect();
    setTimeout(putBack, 0);
  }).observe(document, { childList: true, subtree: true });
})();
