import type { CopyId, Input, Mouth, SignedAction, Venue } from "@cloister/model";
import type { Budgets } from "../budgets/budgets.ts";
import { textOf } from "../inbox/safely.ts";
import type { Turn } from "../inbox/turn.ts";

type Ports = {
  readonly venue: Venue;
  readonly turn: () => Turn;
  readonly push: (input: Input) => void;
  readonly budgets: Budgets;
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
 * Gives bytes to the venue, after all that is to be known of them was told. A venue that throws has said
 * nothing of where the bytes are: that counts as maybe written.
 */
export function writeCopy(
  { venue, turn, push, budgets }: Ports,
  { copy, signed, mouth, cost, isCancel = false }: Ready,
): void {
  turn().later(() => {
    budgets.wrote(copy, { mouth, cost, isCancel });
    try {
      venue.write(copy, signed, mouth);
    } catch (error) {
      const reason = textOf(error);
      push({
        kind: "venue",
        facts: [{ type: "copy.failed", copy, mouth, written: "maybe", reason }],
      });
    }
  });
}
