/* Whether an address is one of a service's. `*.x` stands for `x` too, `x/path` for what lies below it. */

/** @param {URL} url @param {string[]} sources as a policy writes them; what is no host fits nothing */
const within = (url, sources) => /^https?:$/.test(url.protocol) && sources.some(source => {
  const [, wild, host, path] = /^(\*\.)?([^/:]+)(?::[\d*]+)?(\/.*)?$/.exec(source) || [];
  return host && (url.hostname == host || wild && url.hostname.endsWith("." + host)) &&
    (!path || (url.pathname + "/").startsWith(path.replace(/\/?$/, "/")));
});
