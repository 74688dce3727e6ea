/* Makes static/js/embed/built/ from the hand-written parts beside it: the same code, spelt as short as it can be. The
   result is committed, so that neither the service nor its installation needs Node. `--check` compares, and has
   TypeScript look the parts over. */
import { transform } from "esbuild";
import { minify } from "terser";
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";

const FOLDER = new URL("../../static/js/embed/", import.meta.url);
const BUILT = new URL("built/", FOLDER);
const GUARD = "if(window.cookiegate)return;";
const INNER = "if(!G||G.S.version!=1)return;const{S,api}=G,d=document,w=window;";

const products = {
  loader: [["choice", "hold", "written", "start", "banner", "main", "seen"], "S, B", GUARD, "SETTINGS, BANNER"],
  own: [["choice", "hold", "same", "written", "start", "banner", "main", "seen"], "S, B", GUARD, "SETTINGS, BANNER"],
  marking: [["choice", "unheld", "written", "start", "banner", "main", "seen"], "S, B", GUARD, "SETTINGS, BANNER"],
  pinnedloader: [["choice", "hold", "unwritten", "start", "banner", "main", "seen"], "S, B", GUARD, "SETTINGS, BANNER"],
  signals: [["signals"], "G", INNER, "window.cookiegate&&cookiegate._"],
  more: [["trust", "names", "within", "unserved", "marks", "release", "wipe", "send", "saying", "apart", "anew", "deciding"], "G", INNER + "if(G.more)return;", "window.cookiegate&&cookiegate._"],
  pinnedmore: [["trust", "names", "within", "unserved", "marks", "release", "wipe", "send", "saying", "apart", "pinned", "deciding"], "G", INNER + "if(G.more)return;", "window.cookiegate&&cookiegate._"],
  ownmore: [["trust", "names", "within", "served", "marks", "release", "wipe", "send", "saying", "apart", "anew", "deciding"], "G", INNER + "if(G.more)return;", "window.cookiegate&&cookiegate._"],
  takeover: [["names", "takeover"], "G", INNER, "window.cookiegate&&cookiegate._"],
  frames: [["frames"], "G", INNER, "window.cookiegate&&cookiegate._"],
  frame: [["within", "frame"], "", "", ""],
};

const sources = {};
for (const name of (await readdir(FOLDER)).filter((name) => name.endsWith(".js")).sort()) {
  sources[name.slice(0, -3)] = await readFile(new URL(name, FOLDER), "utf8");
}

const TYPES = { "S, B": "@param {Settings} S @param {Banner | undefined} B", G: "@param {Inner} G", "": "" };

/** One script as the parts make it. Each is a function of its own, so that no name of ours meets one of the page. */
function whole([parts, argument, first, value]) {
  const body = parts.map((name) => sources[name]).join("\n");
  return `(/** ${TYPES[argument]} */ function(${argument}){"use strict";${first}\n${body}\n})(${value});\n`;
}

/** Old syntax first, then as few bytes as there can be: terser's are one in a hundred fewer once compressed. What every
 * part reads keeps its name, so that it is spelt the same in all functions: twenty bytes fewer. */
async function make(product) {
  const { code } = await transform(whole(product), { target: "es2019", supported: { "dynamic-import": true }, charset: "utf8" });
  return (await minify(code, { compress: { ecma: 2019, passes: 3, unsafe_arrows: true, hoist_funs: true }, mangle: { reserved: ["S", "d", "w"] }, format: { ecma: 2019 } })).code.replace(/\bconst(?=[ [{])/g, "let") + "\n";
}

/** TypeScript's verdict on every script, and on the declarations that sites use. */
async function checkTypes() {
  const folder = new URL("dist/embed/", import.meta.url);
  await mkdir(folder, { recursive: true });
  for (const [name, product] of Object.entries(products)) {
    const text = whole(product).replaceAll("window.cookiegate&&cookiegate._", "window.cookiegate._");
    await writeFile(new URL(`${name}.js`, folder), text);
  }
  const scripts = Object.keys(products).map((name) => new URL(`${name}.js`, folder).pathname);
  const options = "--noEmit --strict --checkJs --allowJs --target es2022 --lib es2022,dom,dom.iterable --types --moduleDetection legacy".split(" ");
  const own = new URL("embed-types.d.ts", import.meta.url).pathname;
  const tsc = new URL("node_modules/typescript/bin/tsc", import.meta.url).pathname;
  for (const files of [[own, ...scripts], [new URL("use-of-types.ts", import.meta.url).pathname]]) {
    const done = spawnSync(process.execPath, [tsc, ...options.filter((word) => word != "--types"), ...files], { encoding: "utf8" });
    if (done.status) console.error(done.stdout), (process.exitCode = 1);
  }
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
if (process.argv.includes("--check")) await checkTypes();
