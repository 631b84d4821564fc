import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../../packages/cli/bin/cloister.js");

export type Spawned = {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with what was written once it matches; rejects when the process ends before. */
  readonly heard: (pattern: RegExp) => Promise<string>;
  /** The same of what was written to standard error. */
  readonly said: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<number | null>;
};

const running = new Set<ChildProcess>();

/** Runs the built command in a process of its own. */
export function spawnCloister(args: readonly string[], stdin = ""): Spawned {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  running.add(child);
  let out = "";
  let err = "";
  const waiting = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    for (const look of [...waiting]) look();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    for (const look of [...waiting]) look();
  });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const waitFor = (text: () => string, pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(text())) return;
        waiting.delete(look);
        resolve(text());
      };
      waiting.add(look);
      void ended.then((code) => reject(new Error(`ended with ${code}: ${out}${err}`)));
      look();
    });
  const heard = (pattern: RegExp): Promise<string> => waitFor(() => out, pattern);
  const said = (pattern: RegExp): Promise<string> => waitFor(() => err, pattern);
  return { child, out: () => out, err: () => err, heard, said, ended };
}

/** Ends what a failed test left running. */
export function killSpawned(): void {
  for (const child of running) child.kill("SIGKILL");
}
