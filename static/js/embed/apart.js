/* Scripts that the pinned form leaves out, and the one for held frames, which comes when it is wanted. A tag whose text
   cannot change means one text of each alone. */

/** @param {string} file @param {string} integrity @returns {Promise<any>} */
const bring = (file, integrity) => new Promise((done, failed) => {
  const script = Object.assign(d.createElement("script"), { src: trusted("createScriptURL", G.place + file), onload: done, onerror: failed });
  if (!S.files) Object.assign(script, { crossOrigin: "", integrity });
  if (G.own && G.own.nonce) script.nonce = G.own.nonce;
  d.head.append(script);
});

/** @type {Promise<any> | undefined} */
let apart;
G.frames = () => apart = apart || bring("/FRAMES_NAME", "FRAMES_HASH");
