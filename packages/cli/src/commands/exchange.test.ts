import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wsWire } from "@cloister/hyperliquid";
import type { WireAnswer } from "@cloister/model";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { exchangeCommand } from "./exchange.ts";

type Ready = { http: string; ws: string; control?: string };

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-exchange-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(content: string, name = "plan.json"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it("misbehaves as a plan says", async () => {
  const wrong = { what: "httpStatus", status: 503, body: "null", to: { type: "spotMeta" } };
  const plan = await file(JSON.stringify({ seed: 3, faults: [wrong] }));
  const { terminal, said } = fakeTerminal();
  const ended = exchangeCommand.run(["--port", "0", "--faults", plan], terminal);
  await expect.poll(said.out).toContain("\n");
  const ready = JSON.parse(said.out()) as Ready;
  expect(await info(ready, "spotMeta")).toMatchObject({ status: 503, body: "null" });
  expect(await info(ready, "meta")).toMatchObject({ status: 200 });
  said.interrupt();
  expect([await ended, said.err()]).toEqual([0, ""]);
});

it("opens a control port that replaces the plan and tells the truth", async () => {
  const { terminal, said } = fakeTerminal();
  const ended = exchangeCommand.run(["--port", "0", "--control", "0"], terminal);
  await expect.poll(said.out).toContain("\n");
  const ready = JSON.parse(said.out()) as Ready;
  expect(ready.control).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const wrong = { what: "httpStatus", status: 429, body: "null" };
  expect(await knock(`${ready.control}/faults`, JSON.stringify({ faults: [wrong] }))).toBe(200);
  expect(await info(ready, "meta")).toMatchObject({ status: 429 });
  expect(await knock(`${ready.control}/truth`)).toBe(200);
  said.interrupt();
  expect([await ended, said.err()]).toEqual([0, ""]);
});

/** Asks the exchange itself. */
function info(ready: Ready, type: string): Promise<WireAnswer> {
  return ask(ready, { type });
}

async function ask({ http, ws }: Ready, asked: object): Promise<WireAnswer> {
  const wire = wsWire({ http, ws });
  const answer = await new Promise<WireAnswer>((done) => {
    const body = JSON.stringify(asked);
    wire.request({ path: "/info", body, timeoutMs: 5_000 }, done);
  });
  wire.close();
  return answer;
}

/** A POST of a body, or a GET without one; gives the status. */
function knock(url: string, body?: string): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const headers = { "content-type": "application/json" };
    const method = body === undefined ? "GET" : "POST";
    const asked = request(url, { method, headers }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

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

it("behaves as rules say", async () => {
  const rules = await file("unknownDexRead: fault # what a dex nobody lists gives\n", "rules.yaml");
  const { terminal, said } = fakeTerminal();
  const ended = exchangeCommand.run(["--port", "0", "--rules", rules], terminal);
  await expect.poll(said.out).toContain("\n");
  const ready = JSON.parse(said.out()) as Ready;
  expect(await ask(ready, { type: "meta", dex: "nope" })).toMatchObject({ status: 500 });
  said.interrupt();
  expect([await ended, said.err()]).toEqual([0, ""]);
});

it.each([
  ["restingFill: sometimes", 'restingFill "sometimes": must be one of none, open'],
  ["fees:\n  taker: '0.1'", 'fees.taker "0.1": is not known here'],
  ["a: [", "rules.yaml: "],
])("refuses the rules %j in one line, with the path", async (content, told) => {
  const { terminal, said } = fakeTerminal();
  const args = ["--port", "0", "--rules", await file(content, "rules.yaml")];
  expect(await exchangeCommand.run(args, terminal)).toBe(2);
  expect(said.err()).toMatch(/^cloister exchange: --rules [^\n]+\n$/);
  expect(said.err()).toContain(told);
});

it("refuses a plan that cannot be read", async () => {
  const { terminal, said } = fakeTerminal();
  const args = ["--port", "0", "--faults", join(folder, "none.json")];
  expect(await exchangeCommand.run(args, terminal)).toBe(2);
  expect(said.err()).toMatch(/^cloister exchange: --faults [^\n]*ENOENT[^\n]*\n$/);
});
