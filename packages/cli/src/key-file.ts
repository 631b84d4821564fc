import { readFile, stat } from "node:fs/promises";
import { type PrivateKeySigner, privateKeySigner } from "@cloister/hyperliquid";
import { Secret } from "@cloister/model";
import { UsageError } from "./arguments.ts";

const OTHERS_MAY_READ = 0o044;

export type KeyRead = {
  /** 0x and 64 hex digits. */
  readonly key: Secret;
  /** What is wrong with how it is kept. */
  readonly warning: string | undefined;
};

/** Reads a private key from a file; spaces around it do not matter. @throws UsageError, which never names the content. */
export async function readKeyFile(path: string): Promise<KeyRead> {
  const { text, mode } = await open(path);
  const key = text.trim();
  if (!/^(?:0x)?[0-9a-fA-F]{64}$/.test(key)) {
    throw new UsageError(`--key-file ${path} does not hold a private key (64 hex digits)`);
  }
  const isExposed = (mode & OTHERS_MAY_READ) !== 0 && process.platform !== "win32";
  return {
    key: new Secret(key.startsWith("0x") ? key : `0x${key}`),
    warning: isExposed ? `${path} can be read by others; chmod 600 it` : undefined,
  };
}

/** The signer of a key file, and what is wrong with how it is kept. @throws UsageError, which never names the content. */
export async function readSigner(
  path: string,
): Promise<{ readonly signer: PrivateKeySigner; readonly warning: string | undefined }> {
  const { key, warning } = await readKeyFile(path);
  return { signer: signerOf(key, path), warning };
}

/** 64 hex digits are not yet a key: zero and what is beyond the curve's order are none. @throws UsageError */
function signerOf(key: Secret, path: string): PrivateKeySigner {
  try {
    return privateKeySigner(key);
  } catch (error) {
    throw new UsageError(`--key-file ${path} does not hold a valid private key`, { cause: error });
  }
}

async function open(path: string): Promise<{ text: string; mode: number }> {
  try {
    const [text, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
    return { text, mode };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new UsageError(`--key-file ${path} cannot be read: ${code}`, { cause: error });
  }
}
