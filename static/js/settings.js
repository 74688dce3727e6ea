/* The settings page without waiting: a category's switch moves its services, and the confirmation takes focus. */
(function () {
  "use strict";
  document.querySelectorAll("[data-category]").forEach(function (category) {
    var whole = category.querySelector("[name=category]");
    var parts = [].slice.call(category.querySelectorAll("[name=service]"));
    whole.addEventListener("change", function () {
      parts.forEach(function (part) { part.checked = whole.checked; });
    });
    parts.forEach(function (part) {
      part.addEventListener("change", function () {
        whole.checked = parts.every(function (other) { return other.checked; });
      });
    });
  });
  // A service worker that controls the site may keep released pages: withdrawing then clears storage too.
  if (navigator.serviceWorker) {
    navigator.serviceWorker.getRegistrations().then(function (found) {
      if (found.length) document.querySelectorAll("[name=worker]").forEach(function (field) { field.value = "1"; });
    }, function () {});
  }
  var notice = document.querySelector("[role=alert]");
  if (notice) notice.focus();
})();
