/* What the payment company's script does: frames of its own in the shop's page. */
window.Stripe = function (key) {
  function frame(name, height) {
    var frame = document.createElement("iframe");
    frame.src = "https://js.stripe.com/v3/" + name + ".html#" + key;
    frame.title = name;
    frame.style.cssText = "border:0;width:100%;height:" + height + "px";
    return frame;
  }
  return { elements: function () { return { create: function () { return { mount: function (where) {
    document.querySelector(where).append(frame("elements-card", 48));
    var hidden = frame("controller", 1);
    hidden.style.cssText = "position:absolute;width:1px;height:1px;border:0";
    document.body.append(hidden);
  } }; } }; } };
};
