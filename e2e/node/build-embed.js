/* Makes static/js/embed/built/ from the hand-written parts beside it: the same code, spelt as short as it can be. The
   result is committed, so that neither the service nor its installation needs Node. `--check` only compares. */
import { transform } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";

const FOLDER = new URL("../../static/js/embed/", import.meta.url);
const BUILT = new URL("built/", FOLDER);
const GUARD = "if(window.cookiegate)return;";
const INNER = "if(!G||G.S.version!=1)return;const{S,d,w,api}=G;";

const products = {
  loader: [["choice", "hold", "start"], "S", GUARD, "SETTINGS"],
  signals: [["signals"], "G", INNER, "window.cookiegate&&cookiegate._"],
  main: [["banner", "main"], "G", INNER + "if(G.main)return;", "window.cookiegate&&cookiegate._"],
  more: [["names", "marks", "release", "wipe", "send", "saying", "deciding"], "G", INNER + "if(G.more)return;", "window.cookiegate&&cookiegate._"],
  takeover: [["names", "takeover"], "G", INNER, "window.cookiegate&&cookiegate._"],
};

const sources = {};
for (const name of (await readdir(FOLDER)).filter((name) => name.endsWith(".js")).sort()) {
  sources[name.slice(0, -3)] = await readFile(new URL(name, FOLDER), "utf8");
}

async function make([parts, argument, first, value]) {
  const body = parts.map((name) => sources[name]).join("\n");
  const text = `(function(${argument}){"use strict";${first}\n${body}\n})(${value});`;
  const { code } = await transform(text, { minify: true, target: "es2018", charset: "utf8" });
  return code;
}

const made = {};
for (const [name, parts] of Object.entries(products)) made[`${name}.js`] = await make(parts);
const names = Object.keys(sources).sort();
const hash = createHash("sha256");
for (const name of names) hash.update(`${name}\n${sources[name]}`);
made["sources.sha256"] = hash.digest("hex") + "\n";

await mkdir(BUILT, { recursive: true });
for (const [name, text] of Object.entries(made)) {
  const file = new URL(name, BUILT);
  if (!process.argv.includes("--check")) await writeFile(file, text);
  else if ((await readFile(file, "utf8")) !== text) {
    console.error(`static/js/embed/built/${name} is not what its sources make: run \`make scripts\``);
    process.exitCode = 1;
  }
}
