/* The page around the frame, with its fragment, also where it sends no Referer or has changed its own address. */
try {
  document.querySelector("[name=return]").value = parent.location.pathname + parent.location.search + parent.location.hash;
} catch (e) { /* A sandboxed frame may not look: the server knows the Referer. */ }
