import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileJournal } from "@cloister/journal";
import {
  type Fill,
  type Input,
  parseCloid,
  parseCoin,
  parseDecimal,
  parseOid,
  readTid,
} from "@cloister/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeTerminal } from "../fake-terminal.fixture.ts";
import { run } from "../run.ts";

const CLOID = parseCloid(`0xc1015700${"a".repeat(24)}`);
const COIN = parseCoin("BTC");

function fill(tid: number, size: string): Fill {
  const known = readTid(tid);
  if (known === undefined) throw new Error("no tid");
  return {
    ...{ coin: COIN, oid: parseOid(7), tid: known, cloid: CLOID, side: "buy" },
    ...{ price: parseDecimal("64000.5"), size: parseDecimal(size), at: 1_700_000_000_500 },
    ...{ startPosition: parseDecimal("0"), fee: parseDecimal("-0.01"), feeToken: "USDC" },
    ...{ closedPnl: parseDecimal("0"), taker: false, direction: 'Open "Long", new', hash: "0x1" },
  };
}

const INPUTS: readonly Input[] = [
  {
    kind: "command",
    command: {
      ...{ kind: "place", id: 1, grouping: "na", expiresAfterMs: 10_000 },
      orders: [
        {
          cloid: CLOID,
          tag: "a,b",
          terms: {
            ...{ coin: COIN, side: "buy", tif: "Gtc", reduceOnly: false },
            ...{ price: parseDecimal("64000.5"), size: parseDecimal("123456789012.12345678") },
          },
        },
      ],
    },
  },
  { kind: "signed", attempt: 1, signed: { nonce: 1_700_000_000_000, payload: '{"action":1}' } },
  { kind: "venue", facts: [{ type: "fill", fill: fill(1, "0.001"), snapshot: false }] },
  {
    kind: "venue",
    facts: [
      { type: "fill", fill: fill(1, "0.001"), snapshot: true },
      { type: "fill", fill: fill(2, "0.002"), snapshot: true },
    ],
  },
];

let folder = "";
let journal = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cloister-export-"));
  journal = write("good");
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string): string {
  const path = join(folder, name);
  const file = fileJournal(path, { mark: "c1015700" });
  for (const [index, input] of INPUTS.entries()) {
    const atMs = 1_700_000_000_000 + index;
    file.append({ sequence: index + 1, atMs, monotonicMs: index, input });
  }
  file.close();
  return path;
}

async function cloister(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, said } = fakeTerminal();
  const code = await run(["journal", ...argv], terminal);
  return { code, out: said.out(), err: said.err() };
}

describe("cloister journal", () => {
  it("verifies a good one, and counts what it holds", async () => {
    expect(await cloister("verify", journal)).toEqual({
      code: 0,
      out: "4 records in 1 segments\nall of it is good\n",
      err: "",
    });
    const { out } = await cloister("stat", journal, "--json");
    expect(JSON.parse(out)).toMatchObject({
      ...{ mark: "c1015700", records: 4, orders: 1, first_sequence: 1, last_sequence: 4 },
      ...{ from_ms: 1_700_000_000_000, to_ms: 1_700_000_000_003, writer: null, checkpoints: [] },
      kinds: { command: 1, signed: 1, venue: 2 },
    });
  });

  it("situation 108: tells a torn end with exit 1, exports what is good, and changes nothing", async () => {
    const torn = write("torn");
    const [segment = ""] = readdirSync(torn);
    appendFileSync(join(torn, segment), "12345678 {to");
    const verified = await cloister("verify", torn);
    expect(verified).toMatchObject({
      code: 1,
      out: expect.stringContaining(`TORN ${segment}: 12`),
    });
    const { code, out, err } = await cloister("export", torn, "--what", "records");
    expect([code, out.trim().split("\n").length]).toEqual([1, 4]);
    expect(err).toContain("TORN");
    expect(readdirSync(torn)).toEqual([segment]);
  });

  it("reads while another process writes", async () => {
    const open = fileJournal(join(folder, "open"));
    const input: Input = { kind: "command", command: { kind: "resume", id: 1 } };
    open.append({ sequence: 1, atMs: 1, monotonicMs: 1, input });
    expect(await cloister("verify", open.folder)).toMatchObject({ code: 0 });
    const { out } = await cloister("stat", open.folder, "--json");
    expect(JSON.parse(out)).toMatchObject({ writer: expect.stringContaining("@") });
    open.close();
  });

  it("exports orders exactly, one row each, the same in both formats", async () => {
    const { out } = await cloister("export", journal, "--what", "orders");
    const row: object = JSON.parse(out);
    expect(row).toEqual({
      ...{ sequence: 1, at_ms: 1_700_000_000_000, command: 1, cloid: CLOID, tag: "a,b" },
      ...{ coin: "BTC", side: "buy", price: "64000.5", size: "123456789012.12345678", tif: "Gtc" },
      ...{ reduce_only: false, trigger_kind: null, trigger_price: null, trigger_market: null },
      grouping: "na",
    });
    const csv = await cloister("export", journal, "--what", "orders", "--format", "csv");
    expect(csv.out).toBe(
      `${Object.keys(row).join(",")}\n` +
        `1,1700000000000,1,${CLOID},"a,b",BTC,buy,64000.5,123456789012.12345678,Gtc,false,,,,na\n`,
    );
  });

  it("exports each fill once, as it was first heard, with quotes where CSV needs them", async () => {
    const { out } = await cloister("export", journal, "--what", "fills", "--format", "csv");
    const [head, ...rows] = out.trimEnd().split("\n");
    expect(head).toContain("tid,cloid,side,price,size");
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain(`3,1700000000002,stream,1700000000500,BTC,7,1,${CLOID},buy`);
    expect(rows[0]).toContain('"Open ""Long"", new"');
    expect(rows[1]).toContain("4,1700000000003,stream");
  });

  it.each([
    ["commands", 1],
    ["requests", 1],
    ["answers", 0],
    ["statuses", 0],
    ["records", 4],
  ])("exports %s with every column in every row", async (what, count) => {
    const { code, out } = await cloister("export", journal, "--what", what);
    const lines = out.split("\n").filter(Boolean);
    expect([code, lines.length]).toEqual([0, count]);
    const csv = await cloister("export", journal, "--what", what, "--format", "csv");
    const [head = ""] = csv.out.split("\n");
    for (const line of lines) {
      const row: object = JSON.parse(line);
      expect(Object.keys(row).join(",")).toBe(head);
    }
  });

  it("says when there is no journal", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    expect(await cloister("verify", empty)).toMatchObject({ code: 2 });
    const gone = await cloister("verify", join(folder, "nowhere"));
    expect(gone).toMatchObject({ code: 1, err: expect.stringContaining("ENOENT") });
  });
});
