import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wsWire } from "@cloister/hyperliquid";
import type { WireAnswer } from "@cloister/model";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { exchangeCommand } from "./exchange.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-exchange-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string): Promise<string> {
  const path = join(folder, "plan.json");
  await writeFile(path, content);
  return path;
}

it("misbehaves as a plan says", async () => {
  const wrong = { what: "httpStatus", status: 503, body: "null", to: { type: "spotMeta" } };
  const plan = await file(JSON.stringify({ seed: 3, faults: [wrong] }));
  const { terminal, said } = fakeTerminal();
  const ended = exchangeCommand.run(["--port", "0", "--faults", plan], terminal);
  await expect.poll(said.out).toContain("\n");
  const wire = wsWire(JSON.parse(said.out()) as { http: string; ws: string });
  const ask = (type: string): Promise<WireAnswer> =>
    new Promise((done) => {
      const body = JSON.stringify({ type });
      wire.request({ path: "/info", body, timeoutMs: 5_000 }, done);
    });
  expect(await ask("spotMeta")).toMatchObject({ status: 503, body: "null" });
  expect(await ask("meta")).toMatchObject({ status: 200 });
  wire.close();
  said.interrupt();
  expect([await ended, said.err()]).toEqual([0, ""]);
});

it.each([
  ['{"faults":[{"what":"loseFrame","when":{"chance":7}}]}', "faults[0].when.chance 7: must be"],
  ['{"faults":[],"sed":1}', "sed 1: is not known here"],
  ['{"faults":\n[nope', "plan.json: "],
])("refuses the plan %j in one line, with the path", async (content, told) => {
  const { terminal, said } = fakeTerminal();
  const args = ["--port", "0", "--faults", await file(content)];
  expect(await exchangeCommand.run(args, terminal)).toBe(2);
  expect(said.out()).toBe("");
  expect(said.err()).toMatch(/^cloister exchange: --faults [^\n]+\n$/);
  expect(said.err()).toContain(told);
});

it("refuses a plan that cannot be read", async () => {
  const { terminal, said } = fakeTerminal();
  const args = ["--port", "0", "--faults", join(folder, "none.json")];
  expect(await exchangeCommand.run(args, terminal)).toBe(2);
  expect(said.err()).toMatch(/^cloister exchange: --faults [^\n]*ENOENT[^\n]*\n$/);
});
