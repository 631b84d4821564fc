import { systemClock, systemRandom } from "@cloister/engine";
import { wsWire } from "@cloister/hyperliquid";
import { type Command, EXIT } from "../command.ts";
import { listenForStop } from "../demo/stop.ts";
import { readSigner } from "../key-file.ts";
import { readProbeOptions } from "../probe/options.ts";
import { printReport } from "../probe/print-report.ts";
import { type ProbeReport, runProbes } from "../probe/run-probes.ts";
import { ProbeTrouble } from "../probe/trouble.ts";
import type { Terminal } from "../terminal.ts";

const USAGE = `usage: cloister probe --network testnet|URL --key-file F [options]

Measures what the engine only assumes of the venue, with tiny orders far from the market, and prints the
table of assumptions: measured (it is so), differs, or assumed (not measured). Leaves nothing open: whatever
it placed is canceled at the end, at Ctrl-C and after a failure, and the venue's own list is asked for it.

  --network N          testnet, or the http(s) URL of an exchange that speaks the same
  --key-file F         holds the private key to sign with: one that trades nowhere else meanwhile
  --account A          the account that trades (default: the key's own address)
  --coin C             a perpetual of the first dex (default BTC)
  --only ID,ID         measures these assumptions only, by their ids in ASSUMPTIONS.md
  --signatures N       for a URL: mainnet or testnet (default testnet)
  --trade              measures as well what only trading shows: buys and sells for some 20 USDC at a time,
                       150 at most, and closes what it opened
  --json               prints the report as JSON on standard output, all else on standard error
  --mainnet-with-real-money
                       mainnet is refused without it

Needs some 150 requests of the account's budget. Exit 0: nothing differs; 1: something does; 2: trouble, or
the command line is wrong; 130: ended by Ctrl-C, after the sweep.
`;

export const probeCommand: Command = { usage: USAGE, run };

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = readProbeOptions(args);
  const { signer, warning } = await readSigner(options.keyFile);
  if (warning !== undefined) terminal.err(`warning: ${warning}\n`);
  const { http, ws, signatures, coin, trade, only, json } = options;
  const account = (options.account ?? signer.address).toLowerCase();
  const clock = systemClock();
  const stop = listenForStop(terminal, clock);
  try {
    terminal.err(`probing ${http}, account ${account}, ${coin}\n`);
    const report = await runProbes({
      ...{
        wire: wsWire({ http, ws }),
        clock,
        random: systemRandom(),
        signer,
        account,
        coin,
        trade,
        only,
      },
      network: signatures,
      progress: terminal.err,
      stopAsked: stop.asked,
    });
    terminal.out(json ? `${JSON.stringify(report)}\n` : printReport(report));
    return codeOf(report);
  } catch (error) {
    if (!(error instanceof ProbeTrouble)) throw error;
    terminal.err(`cloister probe: ${error.message}\n`);
    return EXIT.usage;
  } finally {
    stop.release();
  }
}

function codeOf({ rows, troubles, left, isStopped }: ProbeReport): number {
  if (left.length > 0) return EXIT.usage;
  if (isStopped) return EXIT.interrupted;
  if (troubles.length > 0) return EXIT.usage;
  return rows.some(({ verdict }) => verdict === "differs") ? EXIT.failed : EXIT.ok;
}
