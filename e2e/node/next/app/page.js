import Script from "next/script";
import Counter from "./counter";

export default function Page() {
  return (
    <main>
      <h1>Field notes</h1>
      <Counter />
      <iframe title="The meadow" width="300" height="150" src="https://www.youtube.com/embed/m34d0w" />
      <Script src="https://www.googletagmanager.com/gtag/js?id=G-F13LD" strategy="afterInteractive" />
      <Script id="ga">{`window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag('js',new Date());gtag('config','G-F13LD')`}</Script>
    </main>
  );
}
