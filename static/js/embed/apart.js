/* The script for held frames, which comes when it is wanted. A tag whose text cannot change means one text of it alone. */

/** @type {Promise<any> | undefined} */
let apart;
G.frames = () => apart = apart || new Promise((done, failed) => {
  const script = Object.assign(d.createElement("script"), { src: trusted("createScriptURL", G.place + "/FRAMES_NAME"), onload: done, onerror: failed });
  if (!S.files) Object.assign(script, { crossOrigin: "", integrity: "FRAMES_HASH" });
  if (G.own && G.own.nonce) script.nonce = G.own.nonce;
  d.head.append(script);
});
