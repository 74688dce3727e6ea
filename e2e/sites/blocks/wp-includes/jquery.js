/* As much of the library as this theme uses. */
window.jQuery = function (selector) {
  var found = Array.prototype.slice.call(document.querySelectorAll(selector));
  return {
    on: function (kind, then) { found.forEach(function (one) { one.addEventListener(kind, then); }); return this; },
    text: function (value) {
      if (value === undefined) { return found[0].textContent; }
      found.forEach(function (one) { one.textContent = value; });
      return this;
    }
  };
};
