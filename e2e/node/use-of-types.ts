/* Compiles only while the declarations say what docs/embed.md says. */
import type { CookieGateChoice } from "../../static/js/embed/cookiegate";

const gate = window.cookiegate;
if (gate) {
  const allowed: boolean = gate.allows("analytics") && gate.allows("hotjar");
  const stop: () => void = gate.on("choice", (choice: CookieGateChoice) => console.log(choice.marketing, allowed));
  gate.on("open", () => stop());
  gate.ready.then(() => gate.set({ analytics: true })).then(() => gate.open());
  // @ts-expect-error: a choice is changed by `set` alone
  gate.choice.analytics = true;
  // @ts-expect-error: there is no such category
  gate.set({ statistics: true });
}
document.addEventListener("cookiegate:choice", (event) => console.log(event.detail.analytics));
