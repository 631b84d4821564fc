import { readAddress } from "@cloister/model";
import { badField, type Broken, type Decoded } from "./decoded.ts";
import type { Frame, FrameFact } from "./frame.ts";
import { isNone, textOf } from "./json.ts";

/** Each element as its fact, in the venue's order; a bad one becomes an `unrecognized` fact in its place. */
export function factsOf(
  channel: string,
  elements: readonly unknown[],
  read: (element: unknown) => Decoded<FrameFact>,
): FrameFact[] {
  return elements.map((element) => {
    const decoded = read(element);
    return decoded.kind === "ok"
      ? decoded.value
      : unrecognizedFact(channel, { reason: decoded.reason, text: textOf(element) });
  });
}

export function unrecognizedFact(channel: string, { reason, text }: Broken): FrameFact {
  return { type: "unrecognized", channel, reason, text };
}

export function factsFrame(
  channel: string,
  facts: readonly FrameFact[],
  named: { readonly user?: unknown; readonly snapshot?: boolean } = {},
): Frame {
  const user = readAddress(named.user);
  const snapshot = named.snapshot ?? false;
  // Whose it is cannot be told, and it may be another's.
  if (user === undefined && !isNone(named.user)) {
    return brokenFrame(channel, badField("user", named.user).reason);
  }
  return user === undefined
    ? { kind: "facts", channel, facts, snapshot }
    : { kind: "facts", channel, facts, user, snapshot };
}

/** A frame whose shape is not understood as a whole. Its text is kept by whoever received it. */
export function brokenFrame(channel: string, reason: string): Frame {
  return { kind: "unrecognized", channel, reason };
}
