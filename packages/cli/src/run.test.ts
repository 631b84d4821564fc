import { describe, expect, it } from "vitest";
import { fakeTerminal } from "./fake-terminal.fixture.ts";
import { run } from "./run.ts";

async function cloister(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { terminal, said } = fakeTerminal();
  const code = await run(argv, terminal);
  return { code, out: said.out(), err: said.err() };
}

const COMMANDS = [
  ...["demo", "exchange", "proxy", "probe", "status", "halt", "resume", "cancel-all", "journal"],
  ...["replay", "decode", "machines"],
];

describe("cloister", () => {
  it.each([["--help"], ["-h"], ["help"]])("%s lists every command", async (word) => {
    const { code, out } = await cloister(word);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`\n  ${command}`);
  });

  it("without a command, or with an unknown one, tells the usage as an error", async () => {
    expect(await cloister()).toMatchObject({ code: 2, out: "" });
    const { code, out, err } = await cloister("exchnge");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("no such command: exchnge");
    expect(err).toContain("usage: cloister");
  });

  it.each(COMMANDS)("%s --help tells its usage, whatever else is said", async (command) => {
    const { code, out, err } = await cloister(command, "--nonsense", "--help");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(`usage: cloister ${command}`);
  });

  it.each(COMMANDS)("%s refuses an unknown flag with its usage", async (command) => {
    const { code, out, err } = await cloister(command, "--nonsense");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("--nonsense");
    expect(err).toContain(`usage: cloister ${command}`);
  });

  it.each([
    [["demo", "--seconds", "soon"], "--seconds"],
    [["exchange", "--port", "70000"], "--port"],
    [["exchange", "--network", "devnet"], "--network"],
    [["proxy"], "--upstream is needed"],
    [["probe"], "--network is needed"],
    [["status"], "--journal is needed"],
    [["journal"], "verify or stat or export"],
    [["journal", "verify"], "one folder"],
    [["journal", "export", "j", "--what", "ticks"], "--what must be"],
    [["journal", "export", "j", "--what", "fills", "--format", "xml"], "--format must be"],
    [["halt", "--journal", "j"], "--reason is needed"],
    [["cancel-all"], "either --journal"],
    [["cancel-all", "--journal", "j", "--network", "testnet"], "either --journal"],
    [["cancel-all", "--journal", "j", "--mark", "c1015700"], "--mark needs --network"],
    [["cancel-all", "--network", "testnet"], "needs --key-file"],
    [["cancel-all", "--network", "testnet", "--key-file", "k", "--scope", "ours"], "--scope needs"],
    [["cancel-all", "--network", "testnet", "--key-file", "k", "--mark", "x"], "8 hex digits"],
    [["demo", "--faults", "no-such-plan"], "no-such-plan"],
    [["proxy", "--upstream", "http://x", "--port", "x"], "--port"],
    [["machines", "nothing"], "no machine"],
    [["decode"], "file"],
  ])("%j is refused", async (argv, word) => {
    const { code, err } = await cloister(...argv);
    expect(code).toBe(2);
    expect(err).toContain(word);
  });

  it("names an unknown log level", async () => {
    const { terminal, said } = fakeTerminal({ env: { CLOISTER_LOG: "loud" } });
    expect(await run(["demo"], terminal)).toBe(2);
    expect(said.err()).toContain("CLOISTER_LOG must be one of");
  });
});
