import { createActor } from "xstate";
import { describe, expect, it } from "vitest";
import {
  gate,
  type GateQuestion,
  gateReason,
  type SupervisorEvent,
  supervisorMachine,
  type SupervisorState,
  supervisorState,
} from "./supervisor.machine.ts";

const BARRIERS = ["recovering", "open"] as const;
const BRAKES = ["released", "halted"] as const;
const LOADS = ["free", "saturated"] as const;
const LIVES = ["running", "draining", "stopped"] as const;
const QUESTIONS: readonly GateQuestion[] = ["place", "modify", "downsize", "cancel", "read"];

const ALL: readonly SupervisorState[] = BARRIERS.flatMap((barrier) =>
  BRAKES.flatMap((brake) =>
    LOADS.flatMap((load) => LIVES.map((life) => ({ barrier, brake, load, life }))),
  ),
);

// What passes, as initials: Place, Modify, Downsize, Cancel, Read. The load is left out: it never matters.
const GATE = `
recovering released running    C R
recovering released draining   C R
recovering released stopped    R
recovering halted   running    C R
recovering halted   draining   C R
recovering halted   stopped    R
open       released running    P M D C R
open       released draining   C R
open       released stopped    R
open       halted   running    D C R
open       halted   draining   C R
open       halted   stopped    R
`;

function start(halted = false): {
  send: (...types: readonly SupervisorEvent["type"][]) => SupervisorState;
} {
  const actor = createActor(supervisorMachine, { input: { halted } }).start();
  return {
    send: (...types) => {
      for (const type of types) actor.send({ type });
      return supervisorState(actor.getSnapshot().value);
    },
  };
}

describe("supervisor: the gate", () => {
  const rows = GATE.trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));

  it.each(ALL)("$barrier $brake $load $life", (state) => {
    const row = rows.find(
      ([barrier, brake, life]) =>
        barrier === state.barrier && brake === state.brake && life === state.life,
    );
    const passes = QUESTIONS.filter((what) => gate(state, what)).map((what) =>
      what[0]?.toUpperCase(),
    );
    expect(passes).toEqual(row?.slice(3));
    for (const what of QUESTIONS) {
      expect(gateReason(state, what) === undefined).toBe(gate(state, what));
    }
  });

  it("the reason is the gravest one", () => {
    const worst: SupervisorState = {
      barrier: "recovering",
      brake: "halted",
      load: "free",
      life: "draining",
    };
    expect(gateReason(worst, "place")).toBe("draining");
    expect(gateReason({ ...worst, life: "running" }, "place")).toBe("halted");
    expect(gateReason({ ...worst, life: "running" }, "downsize")).toBe("recovering");
  });
});

describe("supervisor: the regions", () => {
  it("starts recovering, released, free and running", () => {
    expect(start().send()).toEqual({
      barrier: "recovering",
      brake: "released",
      load: "free",
      life: "running",
    });
  });

  it("situation 116: a brake that was pulled stays pulled over a restart", () => {
    expect(start(true).send().brake).toBe("halted");
    expect(start(true).send("barrier.opened", "command.resume").brake).toBe("released");
  });

  it("situation 91: a lost connection leads to recovering in every combination", () => {
    const ways: readonly (readonly SupervisorEvent["type"][])[] = [
      [],
      ["command.halt"],
      ["load.saturated"],
      ["command.close"],
      ["engine.stopped"],
      ["command.halt", "load.saturated", "command.close"],
    ];
    for (const way of ways) {
      const supervisor = start();
      const before = supervisor.send("barrier.opened", ...way);
      expect(before.barrier).toBe("open");
      expect(supervisor.send("connection.lost")).toEqual({ ...before, barrier: "recovering" });
    }
  });

  it("resume never opens a gate that recovery holds", () => {
    const state = start().send("command.halt", "command.resume");
    expect(gate(state, "place")).toBe(false);
  });

  it("situation 27: saturation closes no gate, it only makes wait", () => {
    const supervisor = start();
    const state = supervisor.send("barrier.opened", "load.saturated");
    expect(state.load).toBe("saturated");
    expect(gate(state, "place")).toBe(true);
    expect(supervisor.send("load.freed").load).toBe("free");
  });

  it("situation 121: draining lets cancels pass, and nothing leads back to running", () => {
    const supervisor = start();
    const state = supervisor.send("barrier.opened", "command.close");
    expect(gate(state, "cancel")).toBe(true);
    expect(gate(state, "place")).toBe(false);
    const stopped = supervisor.send(
      "engine.stopped",
      "command.close",
      "command.resume",
      "barrier.opened",
    );
    expect(stopped.life).toBe("stopped");
    expect(gate(stopped, "cancel")).toBe(false);
  });
});
