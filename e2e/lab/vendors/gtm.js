/* A stand-in for a tag manager's container: it writes a cookie and calls its collection path. */
(function () {
  "use strict";
  (window.ran = window.ran || []).push("gtm");
  document.cookie = "_gcl_au=1.1.333.444; path=/; max-age=7776000";
  new Image().src = "https://www.google-analytics.com/g/collect?why=gtm&dl=" + encodeURIComponent(location.href);
})();
