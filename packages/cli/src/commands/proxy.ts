import {
  checkProxyPlan,
  type FaultPlan,
  faultSwitch,
  serveControl,
  type ServedProxy,
  serveProxy,
  systemClock,
} from "@cloister/simulator";
import { readFlags, UsageError, wholeNumber } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import { readPlanFile } from "../plan-file.ts";
import type { Terminal } from "../terminal.ts";

const USAGE = `usage: cloister proxy --upstream URL [options]

Puts a network that misbehaves between any client and any endpoint that speaks Hyperliquid, over HTTP and
WebSocket. What no fault touches passes as it is. Prints one line of JSON when it is ready: its addresses.
Ends on SIGINT or SIGTERM.

  --upstream URL       where everything goes: http, https, ws or wss (needed)
  --faults FILE        misbehaves as this plan says: YAML or JSON, see the simulator's README
  --seed N             instead of the plan's own seed
  --port P             0 takes a free one (default 3002)
  --host H             (default 127.0.0.1: this machine only)
  --control PORT       a port on this machine (0: a free one) for POST /faults, which replaces the plan, and
                       GET /faults, which tells it and how often each fault fired
`;

export const proxyCommand: Command = { usage: USAGE, run };

const FLAGS = {
  upstream: { type: "string" },
  faults: { type: "string" },
  seed: { type: "string" },
  port: { type: "string", default: "3002" },
  host: { type: "string", default: "127.0.0.1" },
  control: { type: "string" },
} as const;

type Terms = {
  readonly upstream: string;
  readonly host: string;
  readonly port: number;
  readonly plan: FaultPlan;
  readonly control: number | undefined;
};

const portOf = (name: string, text: string): number =>
  wholeNumber(name, text, { min: 0, max: 65_535 });

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const values = readFlags(args, FLAGS);
  if (values.upstream === undefined) throw new UsageError("--upstream is needed");
  const seed =
    values.seed === undefined
      ? {}
      : { seed: wholeNumber("seed", values.seed, { min: 0, max: 2 ** 32 - 1 }) };
  const port = portOf("port", values.port);
  const control = values.control === undefined ? undefined : portOf("control", values.control);
  const plan = await readProxyPlan(values.faults);
  if ("refused" in plan) {
    terminal.err(`cloister proxy: --faults ${plan.refused}\n`);
    return EXIT.usage;
  }
  const { upstream, host } = values;
  const opened = await open({ upstream, host, port, control, plan: { ...plan.taken, ...seed } });
  const asked = new Promise<void>((resolve) => {
    terminal.onInterrupt(() => resolve());
  });
  terminal.out(`${JSON.stringify(opened.ready)}\n`);
  await asked;
  await opened.close();
  return EXIT.ok;
}

async function readProxyPlan(file: string | undefined): ReturnType<typeof readPlanFile> {
  return file === undefined
    ? { taken: { seed: 1, faults: [] } }
    : readPlanFile(file, (plan) => checkProxyPlan(plan));
}

type Opened = { readonly ready: object; readonly close: () => Promise<void> };

async function open({ control, plan, ...at }: Terms): Promise<Opened> {
  const clock = systemClock();
  const faults = faultSwitch(plan, { clock });
  const proxy = await serveProxy({ ...at, clock, faults: faults.faults });
  const ready = addressesOf(proxy);
  if (control === undefined) return { ready, close: () => proxy.close() };
  try {
    const terms = { switch: faults, port: control, check: checkProxyPlan };
    const hand = await serveControl(undefined, terms);
    return {
      ready: { ...ready, control: hand.http },
      close: async () => {
        await hand.close();
        await proxy.close();
      },
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
}

function addressesOf({ http, ws, upstream }: ServedProxy): object {
  return { http, ws, upstream };
}
