/** A fact about the venue that nobody documents and nobody proved, and that code leans on all the same. */
export type Assumption = {
  readonly id: string;
  /** Section of WIRE.md. */
  readonly section: string;
  readonly says: string;
  /** inferred, client (reported by one), chosen (no evidence either way), or more in words. */
  readonly known: string;
  /** The code that leans on it. */
  readonly code: string;
  readonly ifWrong: string;
  /** What shows the other behaviour in the simulator; "–" where nothing does. */
  readonly knob: string;
  /** Whether `cloister probe` measures it: with orders that rest, only by trading, or not. */
  readonly probe: "alone" | "trade" | "no";
};
