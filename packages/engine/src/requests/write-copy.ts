import type { CopyId, Input, Mouth, SignedAction, Venue } from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import { textOf } from "../inbox/safely.ts";
import type { Turn } from "../inbox/turn.ts";

type Ports = {
  readonly venue: Venue;
  readonly turn: () => Turn;
  readonly push: (input: Input) => void;
  readonly budgets: Budgets;
  readonly whenDurable: (done: (isDurable: boolean) => void) => void;
};

/** `cost`: how many orders it speaks of, which is what the venue counts. */
type Ready = {
  readonly copy: CopyId;
  readonly signed: SignedAction;
  readonly mouth: Mouth;
  readonly cost: number;
  readonly isCancel?: boolean;
};

/**
 * Gives bytes to the venue, after all that is to be known of them was told and recorded as durably as promised; what
 * could not be recorded does not leave, unless it is a cancel. A venue that throws has said nothing of where the bytes
 * are: that counts as maybe written.
 */
export function writeCopy(ports: Ports, ready: Ready): void {
  const { turn, push, budgets, whenDurable } = ports;
  const { copy, mouth, cost, isCancel = false } = ready;
  turn().later(() => {
    budgets.wrote(copy, { mouth, cost, isCancel });
    whenDurable((isDurable) => {
      if (isDurable || isCancel) {
        write(ports, ready);
        return;
      }
      const failed = { type: "copy.failed", copy, mouth, written: "never" } as const;
      push({ kind: "venue", facts: [{ ...failed, reason: "it could not be recorded" }] });
    });
  });
}

function write({ venue, push }: Ports, { copy, signed, mouth }: Ready): void {
  try {
    venue.write(copy, signed, mouth);
  } catch (error) {
    const failed = { type: "copy.failed", copy, mouth, written: "maybe" } as const;
    push({ kind: "venue", facts: [{ ...failed, reason: textOf(error) }] });
  }
}
