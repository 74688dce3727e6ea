/* A page of Vue: a component follows the choice, and puts a tracker in once it is mounted. */
import { createApp, h, onMounted, onUnmounted, ref } from "vue";

const Page = {
  setup() {
    const count = ref(0), measured = ref(false);
    let leave = () => {};
    onMounted(() => {
      leave = window.cookiegate.on("choice", (choice) => { measured.value = choice.analytics; });
      const tag = document.createElement("script");
      tag.src = "https://www.googletagmanager.com/gtag/js?id=G-R3AD1NG";
      document.head.append(tag);
    });
    onUnmounted(() => leave());
    return () => h("main", [
      h("h1", "Reading room"),
      h("button", { id: "more", onClick: () => { count.value += 1; } }, "Read on"),
      h("output", { id: "count" }, String(count.value)),
      h("p", ["Measured: ", h("span", { id: "measured" }, measured.value ? "yes" : "no")]),
    ]);
  },
};
createApp(Page).mount("#app");
