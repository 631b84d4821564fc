import { readRulesFile, systemClock } from "@cloister/simulator";
import { oneOf, readFlags, wholeNumber } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import { startExchange } from "../exchange.ts";
import { readOptionFile } from "../option-file.ts";
import { readPlanFile } from "../plan-file.ts";
import type { Terminal } from "../terminal.ts";

const USAGE = `usage: cloister exchange [options]

Runs a simulated exchange that speaks Hyperliquid's wire, with a market on every listed coin. Prints one
line of JSON when it is ready: its addresses, the network whose signatures it takes, and funded accounts
with their private keys. Ends on SIGINT or SIGTERM.

  --port P             0 takes a free one (default 3001)
  --host H             (default 127.0.0.1: this machine only)
  --seed N             repeats the same market and accounts (default 1)
  --network N          mainnet or testnet (default testnet)
  --accounts N         how many funded accounts (default 1)
  --block-ms N         time between blocks (default 80)
  --limits on|off      the venue's rate limits; several bots on one machine share them (default on)
  --faults FILE        misbehaves as this plan says: YAML or JSON, see the simulator's README
  --rules FILE         behaves as it says where the venue's behaviour is not established: JSON or YAML, see there
  --control PORT       a port on this machine (0: a free one) for POST /faults, which replaces the plan,
                       GET /faults, which tells it and how often each fault fired, GET /truth, which tells the
                       exchange's own books, and POST /market, which moves its markets
`;

export const exchangeCommand: Command = { usage: USAGE, run };

const FLAGS = {
  port: { type: "string", default: "3001" },
  host: { type: "string", default: "127.0.0.1" },
  seed: { type: "string", default: "1" },
  network: { type: "string", default: "testnet" },
  accounts: { type: "string", default: "1" },
  "block-ms": { type: "string", default: "80" },
  limits: { type: "string", default: "on" },
  faults: { type: "string" },
  rules: { type: "string" },
  control: { type: "string" },
} as const;

/** A flag that was not given. */
const NOTHING = { taken: undefined };

function refuse(terminal: Terminal, why: string): number {
  terminal.err(`cloister exchange: ${why}\n`);
  return EXIT.usage;
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const values = readFlags(args, FLAGS);
  const plan = values.faults === undefined ? NOTHING : await readPlanFile(values.faults);
  if ("refused" in plan) return refuse(terminal, `--faults ${plan.refused}`);
  const rules =
    values.rules === undefined ? NOTHING : await readOptionFile(values.rules, readRulesFile);
  if ("refused" in rules) return refuse(terminal, `--rules ${rules.refused}`);
  const exchange = await startExchange({
    clock: systemClock(),
    port: wholeNumber("port", values.port, { min: 0, max: 65_535 }),
    host: values.host,
    seed: wholeNumber("seed", values.seed, { min: 0, max: 2 ** 32 - 1 }),
    network: oneOf("network", values.network, ["mainnet", "testnet"]),
    accounts: wholeNumber("accounts", values.accounts, { min: 1, max: 1_000 }),
    blockMs: wholeNumber("block-ms", values["block-ms"], { min: 1, max: 60_000 }),
    limited: oneOf("limits", values.limits, ["on", "off"]) === "on",
    ...(plan.taken === undefined ? {} : { plan: plan.taken }),
    ...(rules.taken === undefined ? {} : { rules: rules.taken }),
    ...(values.control === undefined
      ? {}
      : { control: wholeNumber("control", values.control, { min: 0, max: 65_535 }) }),
  });
  const asked = new Promise<void>((resolve) => {
    terminal.onInterrupt(() => resolve());
  });
  terminal.out(`${JSON.stringify(exchange.ready)}\n`);
  await asked;
  await exchange.close();
  return EXIT.ok;
}
