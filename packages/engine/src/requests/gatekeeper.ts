import {
  gate,
  gateReason,
  type SupervisorEvent,
  supervisorMachine,
  type SupervisorState,
} from "@cloister/machines";
import type { EngineStatus, RefuseCause } from "@cloister/model";
import { type ActorRefFrom, createActor } from "xstate";
import type { SlotKind, Slots, Waiting } from "./slots.ts";
import type { Inspect } from "../registry/sturdy-actor.ts";

/** Whether a place or modify may pass now, and if not, why. */
export type Gate = (
  kind: "place" | "modify",
  downsizing: boolean,
) => { open: boolean; why: RefuseCause };

/** What keeps requests back though the gate is open. */
export type Caution = {
  readonly isSkewed: () => boolean;
  /** Whether the venue has room for it. */
  readonly hasBudget: (entry: Waiting) => boolean;
};

/** The supervisor's actor and the slots it commands: what may pass now, and what waits. */
export class Gatekeeper {
  #actor: ActorRefFrom<typeof supervisorMachine>;
  readonly #inspect: Inspect | undefined;
  readonly #slots: Slots;
  readonly #caution: Caution;
  /** Requests whose nonce somebody else may have spent: until each is decided, places wait. */
  readonly #holds = new Set<number>();

  constructor(slots: Slots, inspect: Inspect | undefined, caution: Caution) {
    this.#slots = slots;
    this.#caution = caution;
    this.#inspect = inspect;
    this.#actor = this.#start(false);
  }

  get state(): SupervisorState {
    const { barrier, brake, load, life } = this.#actor.getSnapshot().value;
    return { barrier, brake: brake === "halted" ? "halted" : "released", load, life };
  }

  tell(event: SupervisorEvent): void {
    this.#actor.send(event);
  }

  /** Another process: whoever closed the engine is gone, whoever pulled the brake has not released it. */
  restarted(): void {
    const isHalted = this.state.brake === "halted";
    this.#actor.stop();
    this.#actor = this.#start(isHalted);
  }

  #start(halted: boolean): ActorRefFrom<typeof supervisorMachine> {
    const actor = createActor(supervisorMachine, {
      id: "supervisor",
      input: { halted },
      ...(this.#inspect === undefined ? {} : { inspect: this.#inspect }),
    });
    actor.subscribe({ error: () => undefined });
    actor.start();
    return actor;
  }

  /** For a place or modify, and if it may not pass, why. */
  ask(kind: "place" | "modify", downsizing: boolean): { open: boolean; why: RefuseCause } {
    const question = kind === "modify" && downsizing ? "downsize" : kind;
    const why = gateReason(this.state, question) ?? this.#held(kind);
    return { open: why === undefined, why: why ?? "stopped" };
  }

  hold(request: number): void {
    this.#holds.add(request);
  }

  unhold(request: number): void {
    this.#holds.delete(request);
  }

  #held(kind: SlotKind): RefuseCause | undefined {
    if (kind !== "place") return undefined;
    if (this.#holds.size > 0) return "signerShared";
    return this.#caution.isSkewed() ? "clockSkew" : undefined;
  }

  /** Grants slots to what may leave now. */
  pump(): void {
    const { state } = this;
    this.#slots.pump(
      (kind: SlotKind) =>
        gate(state, kind === "modify" ? "downsize" : kind) && this.#held(kind) === undefined,
      this.#caution.hasBudget,
    );
    const { saturated } = this.#slots;
    if (saturated !== (state.load === "saturated")) {
      this.tell({ type: saturated ? "load.saturated" : "load.freed" });
    }
  }

  status({ doubtful, route }: Pick<EngineStatus, "doubtful" | "route">): EngineStatus {
    const { state } = this;
    return {
      ...state,
      gate: {
        place: gate(state, "place") && this.#held("place") === undefined,
        modify: gate(state, "modify"),
        cancel: gate(state, "cancel"),
      },
      inFlight: this.#slots.inFlight,
      queued: this.#slots.queued,
      doubtful,
      route,
    };
  }

  stop(): void {
    this.#actor.stop();
  }
}
