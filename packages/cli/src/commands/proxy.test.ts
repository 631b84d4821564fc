import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { proxyCommand } from "./proxy.ts";

type Ready = { http: string; ws: string; upstream: string; control?: string };
type Answer = { status: number | undefined; body: string };

let folder = "";
let upstream = "";
const venue = createServer((asked, answer) => {
  asked.resume();
  answer.writeHead(200, { "content-type": "application/json" }).end('{"from":"the venue"}');
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-proxy-"));
  await new Promise<void>((done) => {
    venue.listen(0, "127.0.0.1", done);
  });
  const at = venue.address();
  if (typeof at === "object" && at !== null) upstream = `http://127.0.0.1:${at.port}`;
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  venue.closeAllConnections();
  venue.close();
});

async function file(content: string): Promise<string> {
  const path = join(folder, "plan.yaml");
  await writeFile(path, content);
  return path;
}

async function start(
  ...args: readonly string[]
): Promise<{ ready: Ready; stop: () => Promise<(number | string)[]> }> {
  const { terminal, said } = fakeTerminal();
  const all = ["--upstream", upstream, "--port", "0", ...args];
  const ended = proxyCommand.run(all, terminal);
  await expect.poll(said.out).toContain("\n");
  const ready = JSON.parse(said.out()) as Ready;
  const stop = async (): Promise<(number | string)[]> => {
    said.interrupt();
    return [await ended, said.err()];
  };
  return { ready, stop };
}

/** A POST of a body, or a GET without one. */
function knock(url: string, body?: string, type = "application/json"): Promise<Answer> {
  return new Promise((done, fail) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request(url, { method, headers: { "content-type": type } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => done({ status: answer.statusCode, body: text }));
    });
    asked.on("error", fail);
    asked.end(body);
  });
}

const HTTP_502 = "faults:\n  - { what: httpStatus, status: 502, body: 'null' }\n";

it("passes everything on, and says where it is", async () => {
  const { ready, stop } = await start();
  expect(ready).toEqual({
    http: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
    ws: `${ready.http.replace("http", "ws")}/ws`,
    upstream,
  });
  expect(await knock(`${ready.http}/info`, "{}")).toEqual({
    status: 200,
    body: '{"from":"the venue"}',
  });
  expect(await stop()).toEqual([0, ""]);
});

it("misbehaves as a plan says, which its control tells and replaces", async () => {
  const plan = await file(HTTP_502);
  const { ready, stop } = await start("--faults", plan, "--control", "0", "--seed", "9");
  expect(await knock(`${ready.http}/info`, "{}")).toEqual({ status: 502, body: "null" });
  const told: unknown = JSON.parse((await knock(`${ready.control}/faults`)).body);
  expect(told).toMatchObject({ plan: { seed: 9, faults: [{ status: 502 }] }, fired: [1] });
  const other = HTTP_502.replace("502", "429");
  const answer = await knock(`${ready.control}/faults`, other, "application/yaml");
  expect(answer.status).toBe(200);
  expect(await knock(`${ready.http}/info`, "{}")).toMatchObject({ status: 429 });
  const blocks = '{"faults":[{"what":"holdAction","blocks":3}]}';
  expect(await knock(`${ready.control}/faults`, blocks)).toMatchObject({
    status: 400,
    body: expect.stringContaining('"path":"faults[0].blocks"') as string,
  });
  expect(await knock(`${ready.control}/truth`)).toMatchObject({ status: 404 });
  expect(await knock(`${ready.http}/info`, "{}")).toMatchObject({ status: 429 });
  expect(await stop()).toEqual([0, ""]);
});

it.each([
  ["faults:\n- what: loseFrame\n  when: { chance: 7 }", "faults[0].when.chance 7: must be"],
  ["faults:\n- what: holdAction\n  blocks: 3", "faults[0].blocks 3: the proxy cannot count blocks"],
  [
    "faults:\n- what: loseFrame\n- what: shuffleOids",
    'faults[1].what "shuffleOids": the proxy cannot do this',
  ],
  ["faults:\n- { what: loseFrame, when: { fromBlock: 3 } }", "faults[0].when.fromBlock 3: the pro"],
  [
    `faults:\n- { what: loseAction, to: { account: 0x${"1".repeat(40)} } }`,
    "the proxy cannot tell whose action it is",
  ],
  ["faults: [", "plan.yaml: "],
])("refuses the plan %j in one line, with the path", async (content, told) => {
  const { terminal, said } = fakeTerminal();
  const args = ["--upstream", upstream, "--faults", await file(content)];
  expect(await proxyCommand.run(args, terminal)).toBe(2);
  expect(said.out()).toBe("");
  expect(said.err()).toMatch(/^cloister proxy: --faults [^\n]+\n$/);
  expect(said.err()).toContain(told);
});
