import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { decodeCommand } from "./decode.ts";

const PONG = '{"channel":"pong"}';
const UNKNOWN = '{"channel":"nope","data":1}';
const STATUS = '{"status":"unknownOid"}';
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-decode-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

async function decode(
  args: readonly string[],
  stdin = "",
): Promise<{ code: number; out: string; err: string }> {
  const { terminal, said } = fakeTerminal({ stdin });
  const code = await decodeCommand.run(args, terminal);
  return { code, out: said.out(), err: said.err() };
}

describe("cloister decode", () => {
  it("says what each item of each file is, and counts", async () => {
    const first = await file("first.jsonl", `${PONG}\n${UNKNOWN}\n`);
    const second = await file("second.json", STATUS);
    const { code, out } = await decode([first, second]);
    expect(code).toBe(0);
    expect(out).toContain(`${first}:1 ignored pong:`);
    expect(out).toContain(`${first}:2 unrecognized nope: unknown channel\n  {`);
    expect(out).toContain(`${second}:1 `);
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^\d evidence, \d ignored, \d unrecognized$/);
  });

  it("reads standard input, and bare bodies as the type that is named", async () => {
    const { out } = await decode(["-", "--as", "orderStatus", "--json"], STATUS);
    expect(JSON.parse(out)).toMatchObject({ file: "-", item: 1, verdict: "evidence" });
  });

  it("keeps the whole text of what was not understood in JSON, and cuts it for a person", async () => {
    const long = JSON.stringify({ channel: "nope", data: "x".repeat(1_000) });
    const json = await decode(["-", "--json"], long);
    expect(JSON.parse(json.out)).toHaveProperty("text", expect.stringContaining("x".repeat(1_000)));
    expect((await decode(["-"], long)).out).toContain("more characters");
  });

  it("goes on when a file cannot be read, and ends with 1", async () => {
    const good = await file("good.json", PONG);
    const { code, out, err } = await decode([join(folder, "none"), good]);
    expect(code).toBe(1);
    expect(err).toContain("ENOENT");
    expect(out).toContain("ignored pong");
  });

  it.each(["", "\u0000\u0001", "[", "[[[[", "null", "{}", "[]", "1e999"])(
    "throws for no input: %j",
    async (text) => {
      const { code, out } = await decode(["-"], text);
      expect(code).toBe(0);
      expect(out).toContain("-:1 unrecognized");
    },
  );

  it("shows control characters as escapes: what was recorded cannot steer the terminal", async () => {
    const { out } = await decode(
      ["-"],
      '{"channel":"x\\u001b[2Jy","data":1}\n\u001b[31mred\u009b2J',
    );
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("\u009b");
    expect(out).toContain("unrecognized x\\u001b[2Jy: unknown channel");
    expect(out).toContain("\\u001b[31mred\\u009b2J");
  });

  it("wants a file", async () => {
    await expect(decode([])).rejects.toThrow("name at least one file");
  });
});
