/* Makes dist/, the hydrated pages of both React versions, a page of Vue, and the libraries that pages of the suite load;
   and next/out, a site of Next.js. */
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const options = (version) => ({
  bundle: true,
  minify: true,
  alias: { react: `react${version}`, "react-dom": `react-dom${version}` },
  define: { REACT: String(version), "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});

await rm("dist", { recursive: true, force: true });
await mkdir("dist");
for (const version of [18, 19]) {
  const server = `dist/server${version}.cjs`;
  await build({ ...options(version), entryPoints: ["src/client.js"], outfile: `dist/react${version}.js` });
  await build({ ...options(version), entryPoints: ["src/server.js"], outfile: server, platform: "node", format: "cjs" });
  const { render } = (await import(pathToFileURL(server).href)).default;
  for (const loading of ["defer", "bootstrap"]) {
    await writeFile(`dist/react${version}-${loading}.html`, render(loading));
  }
  await rm(server);
}
await build({
  bundle: true, minify: true, entryPoints: ["src/vue.js"], outfile: "dist/_vue/vue.js", logLevel: "warning",
  define: { __VUE_OPTIONS_API__: "false", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false" },
});
execFileSync("node", ["../node_modules/next/dist/bin/next", "build"], {
  cwd: "next", stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
});
await copyFile("src/vue.html", "dist/vue.html");
await copyFile("node_modules/htmx.org/dist/htmx.min.js", "dist/htmx.js");
await copyFile("node_modules/@hotwired/turbo/dist/turbo.es2017-umd.js", "dist/turbo.js");
