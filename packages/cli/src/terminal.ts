/** `signal`: SIGINT, SIGTERM or SIGHUP. `unheard`: nobody reads standard output any more; told once. */
export type Interruption = "signal" | "unheard";

/** Where a command speaks and listens: the process, or a test. */
export type Terminal = {
  /** Standard output, as given: no newline is added. */
  readonly out: (text: string) => void;
  /** Resolves when standard output has taken what it was given, so that much is not heaped up. */
  readonly drained: () => Promise<void>;
  /** Standard error. */
  readonly err: (text: string) => void;
  /** Width of standard output where a person looks at it, so that it may be redrawn; else undefined. */
  readonly columns: () => number | undefined;
  readonly env: (name: string) => string | undefined;
  readonly readStdin: () => Promise<string>;
  /** Calls back at each wish to stop; returns how to stop listening. */
  readonly onInterrupt: (listener: (why: Interruption) => void) => () => void;
  /** Ends the process at once. */
  readonly exitNow: (code: number) => void;
};
