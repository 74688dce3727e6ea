/* What the parts of the embed scripts are held to: shapes that cross from one to another. */

interface Settings {
  version: number;
  /** The service's origin, where the loader stands in the page itself. */
  home?: string;
  site: string;
  cookie: string;
  /** Name of the mark, and the domain that it belongs to. */
  mark: string;
  domain?: string;
  /** The domain that the choice belongs to where the mark is this host's alone. */
  whole?: string;
  shared?: boolean;
  question: string;
  days: number;
  categories: string;
  policy?: string;
  allow: string[];
  services: Record<string, Service>;
  vendors: string[];
  marks?: Record<string, string>;
  takeOver?: string[];
  dnt?: boolean;
  prompt?: boolean;
  views?: boolean;
  /** Name of the cookie with what may be loaded in one page, where the gate itself serves this script. */
  once?: string;
  /** What a policy lets everyone show, as directives of their own. */
  shown?: string;
  link: Record<string, string[]>;
  /** Where the gate rewrites pages: what scripts have put in before the parser was at its end. */
  inserted?: WeakSet<Element>;
  files?: Record<string, string>;
}

/** First letter of the category ("n" for necessary), hosts, calls of its inline scripts, family of signals. */
type Service = [string, string[], (string[] | null)?, string?];

interface State {
  granted: string;
  services: string[];
  /** The signal where it is honoured, and the one that the browser sends. */
  signal: string;
  sent: string;
  /** The mark's number, which grows with each act, and whether the service has yet to hear what it says. */
  acts: string;
  waits: boolean | string;
  /** Whether the visitor has turned statistics off. */
  off: boolean;
  /** Token and mark as they are stored, to tell whether another tab has changed them. */
  seen: string;
  decided: boolean;
  all: boolean;
}

/** What the service answers a choice with. */
interface Reply {
  token: string;
  age: number;
  notice: string;
  later: string;
  lost: string;
  kept: string;
  hide: string;
  wipe: string[];
  failed?: boolean;
}

/** The banner as it came with the loader: a tree, its style, and the first parts of the languages that it could be in. */
interface Banner {
  tree: any[];
  css: string;
  signal: string;
  others: string[];
}

/** What the loader hands to the scripts after it. */
interface Inner {
  S: Settings;
  api: any;
  place: string;
  scope: string;
  CATEGORIES: Record<string, string>;
  /** Of older loaders. */
  REFUSED?: string;
  policy: string;
  own: HTMLScriptElement | null;
  read(): State;
  allows(state: State, name: string): boolean;
  policyOf(state: State): string;
  cookie(name: string): string;
  load(name: string): Promise<any>;
  now(state?: State): State;
  shown(): HTMLElement | null;
  typed(): boolean;
  close(): void;
  make(part: any): HTMLElement | string;
  decide?: (act: Record<string, any>, shown?: boolean, had?: State) => Promise<any>;
  apply?: (quiet: boolean) => boolean;
  takeover?: (act: (choice: Record<string, any>) => Promise<any>, ask: () => any) => any;
  signals?: (state: State) => void;
  /** What the script that releases lends to the one for frames. */
  more?: any;
  frames?: () => Promise<any>;
  /** Shows an allowed frame that this document's policy does not let pass. */
  nest?: (frame: any) => void;
  /** What the gate has held in the page that it sent, where it rewrites pages. */
  served?: WeakSet<Element>;
}

declare const SETTINGS: Settings;
declare const BANNER: Banner | undefined;
declare const GOOGLE_TYPES: Record<string, string[]>;
interface Window {
  cookiegate: any;
}
