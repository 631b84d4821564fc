import { assign, setup } from "xstate";

/** The four regions, all at once. */
export type SupervisorState = {
  readonly barrier: "recovering" | "open";
  readonly brake: "released" | "halted";
  readonly load: "free" | "saturated";
  readonly life: "running" | "draining" | "stopped";
};

export type SupervisorEvent =
  /** From here on something may have been missed. */
  | { readonly type: "connection.lost" }
  /** Everything that could have been missed was read. */
  | { readonly type: "barrier.opened" }
  | { readonly type: "command.halt" }
  | { readonly type: "command.resume" }
  | { readonly type: "load.saturated" }
  | { readonly type: "load.freed" }
  | { readonly type: "command.close" }
  | { readonly type: "engine.stopped" };

export type SupervisorContext = {
  /** The brake survives a restart: it comes in with the facts of the journal. */
  readonly brakeAtStart: SupervisorState["brake"];
  /** How often the barrier had to be rebuilt, and how often the brake was pulled. */
  readonly barriers: number;
  readonly halts: number;
};

export type SupervisorInput = { readonly halted: boolean };

/** What asks to pass the gate. */
export type GateQuestion = "place" | "modify" | "downsize" | "cancel" | "read";

/** Whether the gate lets it pass. Load never closes it: it only makes commands wait. */
export function gate(state: SupervisorState, what: GateQuestion): boolean {
  const isSound = state.barrier === "open" && state.life === "running";
  switch (what) {
    case "place":
    case "modify":
      return isSound && state.brake === "released";
    case "downsize":
      return isSound;
    case "cancel":
      return state.life !== "stopped";
    case "read":
      return true;
  }
}

/** Why the gate is closed to it, in the order of gravity; undefined when it is open. */
export function gateReason(
  state: SupervisorState,
  what: GateQuestion,
): "stopped" | "draining" | "halted" | "recovering" | undefined {
  if (gate(state, what)) return undefined;
  if (state.life !== "running") return state.life;
  return state.brake === "halted" && what !== "downsize" ? "halted" : "recovering";
}

/** The regions of a snapshot's value. `asBefore` is never seen: the brake leaves it before anybody looks. */
export function supervisorState(
  value: Omit<SupervisorState, "brake"> & { readonly brake: SupervisorState["brake"] | "asBefore" },
): SupervisorState {
  const { barrier, brake, load, life } = value;
  return { barrier, brake: brake === "asBefore" ? "halted" : brake, load, life };
}

const types: { context?: SupervisorContext; events?: SupervisorEvent; input?: SupervisorInput } =
  {};

/** One for the whole engine: what may pass now, and why not. */
export const supervisorMachine = setup({
  types,
  guards: { wasHalted: ({ context }) => context.brakeAtStart === "halted" },
  actions: {
    countBarrier: assign({ barriers: ({ context }) => context.barriers + 1 }),
    countHalt: assign({ halts: ({ context }) => context.halts + 1 }),
  },
}).createMachine({
  id: "supervisor",
  context: ({ input }) => ({
    brakeAtStart: input.halted ? "halted" : "released",
    barriers: 1,
    halts: 0,
  }),
  type: "parallel",
  states: {
    barrier: {
      initial: "recovering",
      states: {
        recovering: {
          on: { "barrier.opened": "open", "connection.lost": { actions: "countBarrier" } },
        },
        open: { on: { "connection.lost": { target: "recovering", actions: "countBarrier" } } },
      },
    },
    brake: {
      initial: "asBefore",
      states: {
        asBefore: { always: [{ guard: "wasHalted", target: "halted" }, { target: "released" }] },
        released: { on: { "command.halt": { target: "halted", actions: "countHalt" } } },
        halted: { on: { "command.resume": "released" } },
      },
    },
    load: {
      initial: "free",
      states: {
        free: { on: { "load.saturated": "saturated" } },
        saturated: { on: { "load.freed": "free" } },
      },
    },
    life: {
      initial: "running",
      states: {
        running: { on: { "command.close": "draining", "engine.stopped": "stopped" } },
        draining: { on: { "engine.stopped": "stopped" } },
        // Not final: a stopped actor would swallow what comes later.
        stopped: {},
      },
    },
  },
});
