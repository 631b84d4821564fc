import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Input, parseCloid } from "@cloister/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileJournal } from "../file-journal.ts";
import { nodeHost } from "../lock/node-host.ts";

const INPUT: Input = { kind: "command", command: { kind: "resume", id: 1 } };

describe("a journal on the machine's own disk", () => {
  let folder: string;

  beforeEach(() => {
    folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "cloister-")), "journal");
  });

  afterEach(() => fs.rmSync(path.dirname(folder), { recursive: true }));

  it("is for its owner alone", () => {
    const journal = fileJournal(folder);
    journal.append({ sequence: 1, atMs: 1, monotonicMs: 1, input: INPUT });
    const modes = fs.readdirSync(folder).map((name) => fs.statSync(path.join(folder, name)).mode);
    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(["600", "600"]);
    expect((fs.statSync(folder).mode & 0o777).toString(8)).toBe("700");
    journal.close();
  });

  it("survives, and is open to one process at a time", () => {
    const journal = fileJournal(folder, { segmentBytes: 1_024 });
    for (let sequence = 1; sequence <= 30; sequence += 1) {
      journal.append({ sequence, atMs: sequence, monotonicMs: sequence, input: INPUT });
    }
    expect(() => fileJournal(folder)).toThrow(expect.objectContaining({ code: "journalLocked" }));
    journal.close();
    const later = fileJournal(folder);
    expect([...later.records()]).toHaveLength(30);
    expect(later.mark).toBe(journal.mark);
    later.close();
  });

  it("situation 117: is refused while another process lives that writes it, and taken over when it was killed", async () => {
    fileJournal(folder).close();
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"]);
    const host = os.hostname();
    fs.writeFileSync(path.join(folder, "lock"), `${JSON.stringify({ host, pid: other.pid })}\n`);
    expect(() => fileJournal(folder)).toThrow(`process ${other.pid} of ${host} writes`);
    other.kill("SIGKILL");
    await once(other, "exit");
    fileJournal(folder).close();
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it("is taken over from a process that was killed and that nobody has asked for yet", async (context) => {
    context.skip(!fs.existsSync("/proc/self/stat"), "the system does not tell");
    fileJournal(folder).close();
    // A shell that does not wait for its child, and then hangs about.
    const shell = spawn("sh", ["-c", "true & echo $!; exec tail -f /dev/null"]);
    const [pid] = await once(shell.stdout, "data");
    const holder = { host: os.hostname(), pid: Number(pid) };
    const isGone = (): boolean =>
      fs.readFileSync(`/proc/${holder.pid}/stat`, "latin1").includes(") Z ");
    while (!isGone()) await new Promise(setImmediate);
    fs.writeFileSync(path.join(folder, "lock"), `${JSON.stringify(holder)}\n`);
    fileJournal(folder).close();
    shell.kill("SIGKILL");
    await once(shell, "exit");
  });

  it("finds what it took, and what it knew at a checkpoint", async () => {
    const journal = fileJournal(folder);
    const cloid = parseCloid(`0x${"a1".repeat(16)}`);
    journal.append({
      sequence: 1,
      atMs: 1,
      monotonicMs: 1,
      input: { kind: "command", command: { kind: "cancel", id: 1, cloids: [cloid] } },
    });
    journal.checkpoint({ sequence: 1, atMs: 1, monotonicMs: 1, state: { version: 1 } });
    expect((await journal.find(cloid)).records).toHaveLength(1);
    expect(journal.recall().checkpoint?.state).toEqual({ version: 1 });
    const modes = fs.readdirSync(folder).map((name) => fs.statSync(path.join(folder, name)).mode);
    expect(modes.map((mode) => (mode & 0o777).toString(8))).toEqual(["600", "600", "600"]);
    journal.close();
  });

  it("tells when a record is durable", async () => {
    const journal = fileJournal(folder, { durability: "power" });
    journal.append({ sequence: 1, atMs: 1, monotonicMs: 1, input: INPUT });
    const error = await new Promise((resolve) => {
      journal.whenDurable(resolve);
    });
    expect(error).toBeUndefined();
    journal.close();
  });

  it("knows which processes live", () => {
    const host = nodeHost();
    expect(host.isAlive(host.self)).toBe(true);
    expect(host.isAlive({ ...host.self, begun: "1" })).toBe(host.self.begun === undefined);
    expect(host.isAlive({ host: "here", pid: 2 ** 22 + 1 })).toBe(false);
  });
});
