import fs from "node:fs";
import os from "node:os";
import process from "node:process";
import type { Holder, Host } from "./host.ts";

/** Field 22 of `/proc/<pid>/stat`, counted from behind the name, which may hold spaces. */
const START_FIELD = 19;

/** The machine that this process runs on. */
export function nodeHost(): Host {
  const begun = beginningOf(process.pid);
  return {
    self: { host: os.hostname(), pid: process.pid, ...(begun === undefined ? {} : { begun }) },
    isAlive,
  };
}

function isAlive({ pid, begun }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, for somebody else.
    return codeOf(error) === "EPERM";
  }
  const now = beginningOf(pid);
  return begun === undefined || now === undefined || now === begun;
}

/** When a process began, in the system's own ticks; undefined where there is no `/proc`. */
function beginningOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[START_FIELD];
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}
