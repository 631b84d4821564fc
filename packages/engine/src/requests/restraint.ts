import type { Answer, Clock, NotAdmittedReason, OrderTerms, RefuseCause } from "@cloister/model";
import type { Turn } from "../inbox/turn.ts";

type Ports = {
  readonly clock: Clock;
  readonly limits: { readonly postOnlyPauseMs: number };
  readonly turn: () => Turn;
  readonly isHalted: () => boolean;
  /** Pulls the brake and empties the queue. */
  readonly halt: () => void;
};

/** The key or the account is wrong: the same is said to whatever is sent next. */
const FAULTS: ReadonlySet<NotAdmittedReason> = new Set<NotAdmittedReason>([
  "unknownSigner",
  "noAccount",
  "badSignature",
  "vault",
  "multiSig",
  "wrongNetwork",
]);

/**
 * What the venue says of everybody's orders, or of all of ours: that only post-only orders are taken after an upgrade
 * (situation 24), that it does not know the key (situation 25). Sending on would be refused again and again.
 */
export class Restraint {
  readonly #ports: Ports;
  #postOnlyUntilMs = 0;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Why an order of these terms must not be sent now. */
  refusal({ tif }: OrderTerms): RefuseCause | undefined {
    const isPaused = this.#ports.clock.monotonicMs() < this.#postOnlyUntilMs;
    return isPaused && tif !== "Alo" ? "postOnlyPeriod" : undefined;
  }

  hear(answer: Answer): void {
    if (answer.admission === "notAdmitted") this.#hearFault(answer.reason, answer.text);
    if (answer.admission !== "admitted") return;
    for (const status of answer.statuses) {
      if (status.kind === "error" && status.cause === "postOnlyPeriod") this.#pause(status.text);
    }
  }

  #hearFault(reason: NotAdmittedReason, text: string): void {
    const { halt, isHalted, turn } = this.#ports;
    if (!FAULTS.has(reason) || isHalted()) return;
    turn().alarm("signerUnknown", text);
    halt();
  }

  #pause(text: string): void {
    const { clock, limits, turn } = this.#ports;
    const nowMs = clock.monotonicMs();
    if (nowMs >= this.#postOnlyUntilMs) turn().alarm("postOnlyPeriod", text);
    this.#postOnlyUntilMs = nowMs + limits.postOnlyPauseMs;
  }
}
