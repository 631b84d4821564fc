import fs from "node:fs";
import os from "node:os";
import process from "node:process";
import { isCode } from "../disk/system-error.ts";
import type { Holder, Host } from "./host.ts";

/** Fields 3 and 22 of `/proc/<pid>/stat`, counted from behind the name, which may hold spaces. */
const STATE_FIELD = 0;
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
    return isCode(error, "EPERM");
  }
  const [state, now] = [fieldOf(pid, STATE_FIELD), beginningOf(pid)];
  // A process that ended and that its parent has not asked for yet writes nothing any more.
  if (state === "Z" || state === "X") return false;
  return begun === undefined || now === undefined || now === begun;
}

/** When a process began, in the system's own ticks; undefined where there is no `/proc`. */
function beginningOf(pid: number): string | undefined {
  return fieldOf(pid, START_FIELD);
}

function fieldOf(pid: number, field: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[field];
  } catch {
    return undefined;
  }
}
