import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
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
    for (const content of [`  ${KEY}\n`, KEY.slice(2)]) {
      const { key, warning } = await readKeyFile(await file(content));
      expect([key.reveal(), warning]).toEqual([KEY, undefined]);
    }
  });

  it("warns when others may read it", async () => {
    const { warning } = await readKeyFile(await file(KEY, 0o644));
    expect(warning).toContain("chmod 600");
  });

  it("never repeats what it read", async () => {
    const read = await readKeyFile(await file(KEY));
    for (const picture of [inspect(read, { depth: 9, showHidden: true }), JSON.stringify(read)]) {
      expect(picture).not.toContain(KEY.slice(4, 30));
    }
    const secret = `${KEY.slice(0, -2)}zz`;
    const reading = readKeyFile(await file(secret));
    await expect(reading).rejects.toThrow(UsageError);
    await expect(reading).rejects.not.toThrow(secret.slice(4, 30));
  });

  it("names a file that is not there", async () => {
    await expect(readKeyFile(join(folder, "none"))).rejects.toThrow("ENOENT");
  });
});
