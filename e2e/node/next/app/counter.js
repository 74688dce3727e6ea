"use client";
import { useEffect, useState } from "react";

export default function Counter() {
  const [count, setCount] = useState(0);
  const [measured, setMeasured] = useState(false);
  useEffect(() => window.cookiegate?.on("choice", (choice) => setMeasured(choice.analytics)), []);
  return (
    <p>
      <button id="more" onClick={() => setCount(count + 1)}>Read on</button> <output id="count">{count}</output>{" "}
      Measured: <span id="measured">{measured ? "yes" : "no"}</span>
    </p>
  );
}
