import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { machinesCommand } from "./machines.ts";

describe("cloister machines", () => {
  it("prints every machine as a call that can be run as it is", async () => {
    const { terminal, said } = fakeTerminal();
    expect(await machinesCommand.run([], terminal)).toBe(0);
    const seen: string[] = [];
    const createMachine = (config: { id: string; states: object; context: object }): void => {
      expect(Object.keys(config.states).length).toBeGreaterThan(0);
      expect(config.context).toBeTypeOf("object");
      seen.push(config.id);
    };
    runInNewContext(said.out(), { createMachine });
    expect(seen).toEqual(["order", "request", "cancel", "supervisor", "connection"]);
  });

  it("prints the one that was named", async () => {
    const { terminal, said } = fakeTerminal();
    await machinesCommand.run(["order"], terminal);
    expect(said.out()).toMatch(/^\/\/ order\ncreateMachine\(/);
    expect(said.out()).not.toContain("// request");
  });

  it("refuses a name that is none", () => {
    const { terminal } = fakeTerminal();
    expect(() => machinesCommand.run(["orders"], terminal)).toThrow('no machine "orders"');
  });
});
