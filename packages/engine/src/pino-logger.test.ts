import { describe, expect, it } from "vitest";
import { pinoLogger } from "./pino-logger.ts";

describe("the pino logger", () => {
  it("writes lines with their fields, and cuts secrets out of them", () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const logger = pinoLogger({ level: "debug", destination });
    const secret = "0xdeadbeef";
    const hidden = { privateKey: secret, signer: { key: secret, deep: { secret } } };
    logger.warn({ cloid: "0x1", ...hidden }, "careful");
    logger.debug({ signature: secret }, "low");
    logger.info({}, "plain");
    logger.error({ error: "x" }, "bad");
    expect(lines).toHaveLength(4);
    expect(lines.join("")).not.toContain(secret);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ cloid: "0x1", msg: "careful", level: 40 });
  });
});
