import { afterEach, describe, expect, it } from "vitest";
import { killSpawned, spawnCloister } from "./spawn-cloister.ts";

afterEach(killSpawned);

describe("the cloister command in a process of its own", () => {
  it("tells its usage, as an error where none was asked for", async () => {
    const help = spawnCloister(["--help"]);
    expect(await help.ended).toBe(0);
    expect(help.out()).toContain("usage: cloister");
    const wrong = spawnCloister(["nothing"]);
    expect(await wrong.ended).toBe(2);
    expect(wrong.err()).toContain("no such command: nothing");
  });

  it("decodes standard input", async () => {
    const decode = spawnCloister(["decode", "-"], '{"channel":"pong"}\nnot json\n');
    expect(await decode.ended).toBe(0);
    expect(decode.out()).toContain("-:1 ignored pong");
    expect(decode.out()).toContain("-:2 unrecognized text");
  });

  it("bears a reader that goes away", async () => {
    const machines = spawnCloister(["machines"]);
    machines.child.stdout?.destroy();
    expect(await machines.ended).toBe(0);
    expect(machines.err()).toBe("");
  });
});
