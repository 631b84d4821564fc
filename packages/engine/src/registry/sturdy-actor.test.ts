import { describe, expect, it } from "vitest";
import { assign, createActor, createMachine } from "xstate";
import { SturdyActor } from "./sturdy-actor.ts";

type Count = { readonly count: number };
type Step = { readonly type: "step" } | { readonly type: "poison" } | { readonly type: "stuck" };

const types: { context?: Count; events?: Step } = {};

const machine = createMachine({
  types,
  context: { count: 0 },
  initial: "a",
  states: {
    a: {
      on: { step: { target: "b", actions: assign({ count: ({ context }) => context.count + 1 }) } },
    },
    b: { on: { step: "a" } },
  },
  on: {
    poison: {
      actions: assign(() => {
        throw new Error("poison");
      }),
    },
    stuck: {
      guard: () => {
        throw new Error("stuck");
      },
    },
  },
});

function start(failed?: (error: unknown) => void) {
  let made = 0;
  const actor = new SturdyActor(
    (snapshot: ReturnType<ReturnType<typeof make>["getSnapshot"]> | undefined) => {
      made += 1;
      return make(snapshot);
    },
    failed,
  );
  return { actor, made: () => made };
}

function make(snapshot?: object) {
  return createActor(
    machine,
    snapshot === undefined ? {} : { snapshot: machine.resolveState(stateOf(snapshot)) },
  );
}

function stateOf(snapshot: object): { value: string; context: Count } {
  const value = "value" in snapshot && snapshot.value === "b" ? "b" : "a";
  const { context } = "context" in snapshot ? snapshot : { context: undefined };
  const count =
    typeof context === "object" && context !== null && "count" in context
      ? Number(context.count)
      : 0;
  return { value, context: { count } };
}

describe("a sturdy actor", () => {
  it.each(["poison", "stuck"] as const)(
    "is made again from what it was before it failed (%s)",
    (type) => {
      const { actor, made } = start();
      expect(actor.send({ type: "step" })).toMatchObject({ after: { value: "b" } });
      const { error, before, after } = actor.send({ type });
      expect(error).toBeInstanceOf(Error);
      expect(after).toBe(before);
      expect(actor.snapshot).toMatchObject({ status: "active", value: "b", context: { count: 1 } });
      expect(made()).toBe(2);
      expect(actor.send({ type: "step" })).toMatchObject({ after: { value: "a" } });
    },
  );

  it("its listeners stay, and what they throw is told and goes no further", () => {
    const errors: unknown[] = [];
    const { actor } = start((error) => errors.push(error));
    const seen: unknown[] = [];
    actor.subscribe(() => {
      throw new Error("listener");
    });
    const stop = actor.subscribe(({ value }) => seen.push(value));
    actor.send({ type: "step" });
    actor.send({ type: "poison" });
    actor.send({ type: "step" });
    stop();
    actor.send({ type: "step" });
    expect(seen.at(0)).toBe("b");
    expect(seen.at(-1)).toBe("a");
    expect(errors.length).toBeGreaterThan(2);
    expect(actor.heard).toBe(1);
    actor.stop();
    expect(actor.heard).toBe(0);
  });

  it("a listener that another ended while a snapshot is told does not hear it", () => {
    const { actor } = start();
    const heard: string[] = [];
    let stop = (): void => undefined;
    actor.subscribe(() => stop());
    stop = actor.subscribe(() => heard.push("ended"));
    actor.subscribe(() => heard.push("stays"));
    actor.send({ type: "step" });
    expect(heard).toEqual(["stays"]);
    expect(actor.heard).toBe(2);
  });
});
