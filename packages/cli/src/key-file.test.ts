import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "./arguments.ts";
import { readKeyFile } from "./key-file.ts";

const KEY = `0x${"4f".repeat(32)}`;
let folder = "";

async function file(content: string, mode = 0o600): Promise<string> {
  const path = join(folder, `key-${content.length}-${mode}`);
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloister-key-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("readKeyFile", () => {
  it("trims, and takes a key without 0x", async () => {
    expect(await readKeyFile(await file(`  ${KEY}\n`))).toEqual({ key: KEY, warning: undefined });
    expect(await readKeyFile(await file(KEY.slice(2)))).toMatchObject({ key: KEY });
  });

  it("warns when others may read it", async () => {
    const { warning } = await readKeyFile(await file(KEY, 0o644));
    expect(warning).toContain("chmod 600");
  });

  it("never repeats what it read", async () => {
    const secret = `${KEY.slice(0, -2)}zz`;
    const read = readKeyFile(await file(secret));
    await expect(read).rejects.toThrow(UsageError);
    await expect(read).rejects.not.toThrow(secret.slice(4, 30));
  });

  it("names a file that is not there", async () => {
    await expect(readKeyFile(join(folder, "none"))).rejects.toThrow("ENOENT");
  });
});
