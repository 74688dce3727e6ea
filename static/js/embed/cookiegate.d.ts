/** What the script tag puts on `window`. Works the same in plain pages, React and Vue. */

/** A category, or the id of one of the site's services. */
export type CookieGateName = "necessary" | "preferences" | "analytics" | "marketing" | (string & {});

export interface CookieGateChoice {
  /** Whether the visitor has answered. */
  readonly decided: boolean;
  readonly preferences: boolean;
  readonly analytics: boolean;
  readonly marketing: boolean;
  /** Ids of services that are allowed by name. */
  readonly services: readonly string[];
  /** The browser's opt-out signal where it is honoured, else empty. */
  readonly signal: "" | "gpc" | "dnt";
}

export interface CookieGate {
  /** Whether a category or a service may run now. */
  allows(name: CookieGateName): boolean;
  readonly choice: CookieGateChoice;
  /** Resolves once `open`, `accept`, `reject` and `set` act at once; until then they wait for it. */
  readonly ready: Promise<CookieGateChoice>;
  /** Shows the banner with the present choice in it. */
  open(): Promise<void>;
  accept(): Promise<CookieGateChoice | undefined>;
  reject(): Promise<CookieGateChoice | undefined>;
  /** Sets these categories and leaves the others as they are. Rejects where the choice cannot be recorded. */
  set(wanted: { preferences?: boolean; analytics?: boolean; marketing?: boolean }): Promise<CookieGateChoice | undefined>;
  /** Turns statistics off for this visitor, whose pages are then not counted, or on again. */
  statistics(on: boolean): Promise<CookieGateChoice | undefined>;
  /** `choice` is told the present choice at once, and every later one; returns a function that ends it. */
  on(event: "choice" | "ready", hear: (choice: CookieGateChoice) => void): () => void;
  on(event: "open", hear: () => void): () => void;
}

declare global {
  interface Window {
    cookiegate?: CookieGate;
  }
  interface DocumentEventMap {
    "cookiegate:choice": CustomEvent<CookieGateChoice>;
    "cookiegate:ready": CustomEvent<CookieGateChoice>;
    "cookiegate:open": CustomEvent<void>;
  }
}
