/** What one thing that the venue said is to the engine. */
export type DecodedLine = {
  /** Which item of the input, from 1. An item that says several things has several lines. */
  readonly item: number;
  readonly verdict: "evidence" | "ignored" | "unrecognized";
  /** The channel, the info type, or `answer`. */
  readonly what: string;
  /** For a person: what is learned, why it is ignored, or why it is not understood. */
  readonly told: string;
  /** What was not understood, as it stood in the input. */
  readonly text?: string;
};

/** A line before it knows its item. */
export type Told = Omit<DecodedLine, "item">;

export function evidence(what: string, told: string): Told {
  return { verdict: "evidence", what, told };
}

export function ignored(what: string, told: string): Told {
  return { verdict: "ignored", what, told };
}

export function notUnderstood(what: string, told: string, text: string): Told {
  return { verdict: "unrecognized", what, told, text };
}
