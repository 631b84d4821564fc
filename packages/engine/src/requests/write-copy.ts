import type { CopyId, Input, Mouth, SignedAction, Venue } from "@cloister/model";
import { textOf } from "../inbox/safely.ts";
import type { Turn } from "../inbox/turn.ts";

type Ports = {
  readonly venue: Venue;
  readonly turn: () => Turn;
  readonly push: (input: Input) => void;
};

/**
 * Gives bytes to the venue, after all that is to be known of them was told. A venue that throws has said
 * nothing of where the bytes are: that counts as maybe written.
 */
export function writeCopy(
  { venue, turn, push }: Ports,
  { copy, signed, mouth }: { copy: CopyId; signed: SignedAction; mouth: Mouth },
): void {
  turn().later(() => {
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
