import { systemClock } from "@cloister/engine";
import { askBrake, type BrakeAnswer, type BrakeRequest, type BrakeStatus } from "@cloister/journal";
import { readFlags, UsageError } from "../arguments.ts";
import { type Command, EXIT } from "../command.ts";
import type { Terminal } from "../terminal.ts";

/** How long an engine that lives may take to answer. */
const ANSWER_MS = 5_000;

const EXITS = `Exit 0: done; 1: the engine refused, or none answers; 2: the command line is wrong.`;

const STATUS_USAGE = `usage: cloister status --journal DIR [--json]

Asks the engine that writes the journal in DIR how it is.

${EXITS}
`;

const HALT_USAGE = `usage: cloister halt --journal DIR --reason TEXT [--cancel] [--json]

Pulls the brake of the engine that writes the journal in DIR: places and modifies are refused until
\`cloister resume\`, also after a restart. Cancels pass.

  --reason TEXT        journaled with it
  --cancel             cancels our orders as well

${EXITS}
`;

const RESUME_USAGE = `usage: cloister resume --journal DIR [--json]

Releases the brake of the engine that writes the journal in DIR.

${EXITS}
`;

const FLAGS = { journal: { type: "string" }, json: { type: "boolean", default: false } } as const;

export const statusCommand: Command = {
  usage: STATUS_USAGE,
  run(args, terminal) {
    const { journal, json } = readFlags(args, FLAGS);
    return ask(journal, { do: "status" }, { terminal, json });
  },
};

export const haltCommand: Command = {
  usage: HALT_USAGE,
  run(args, terminal) {
    const { journal, json, reason, cancel } = readFlags(args, {
      ...FLAGS,
      reason: { type: "string" },
      cancel: { type: "boolean", default: false },
    });
    if (reason === undefined || reason.trim() === "") throw new UsageError("--reason is needed");
    return ask(journal, { do: "halt", reason, cancel }, { terminal, json });
  },
};

export const resumeCommand: Command = {
  usage: RESUME_USAGE,
  run(args, terminal) {
    const { journal, json } = readFlags(args, FLAGS);
    return ask(journal, { do: "resume" }, { terminal, json });
  },
};

/** Says what a brake answered that did not do it. */
export function tellRefusal(answer: Exclude<BrakeAnswer, { kind: "done" }>): string {
  if (answer.kind === "silent") return answer.reason;
  return `the engine refuses: ${answer.code}: ${answer.message}`;
}

async function ask(
  journal: string | undefined,
  request: BrakeRequest,
  { terminal, json }: { readonly terminal: Terminal; readonly json: boolean },
): Promise<number> {
  if (journal === undefined) throw new UsageError("--journal is needed");
  const answer = await askBrake(journal, request, { clock: systemClock(), timeoutMs: ANSWER_MS });
  if (answer.kind !== "done") {
    terminal.err(`cloister ${request.do}: ${tellRefusal(answer)}\n`);
    return EXIT.failed;
  }
  terminal.out(json ? `${JSON.stringify(answer.result)}\n` : statusText(statusOf(answer.result)));
  return EXIT.ok;
}

/** Only for what an engine of ours answers. */
function statusOf(result: unknown): BrakeStatus {
  return result as BrakeStatus;
}

function statusText(status: BrakeStatus): string {
  const { barrier, brake, gate, inFlight, life, load, queued, doubtful, recovery, route } = status;
  const passes = Object.entries(gate).filter(([, isOpen]) => isOpen);
  const lines = [
    `brake     ${brake}`,
    `barrier   ${barrier}`,
    `life      ${life}`,
    `passes    ${passes.map(([name]) => name).join(", ") || "nothing"}`,
    `requests  ${inFlight} in flight, ${queued} queued, ${doubtful} in doubt${load === "free" ? "" : ", saturated"}`,
    `route     ${route}`,
  ];
  if (recovery !== undefined) {
    const worth = recovery.complete ? "complete" : "incomplete";
    lines.push(`recovery  ${recovery.id}: ${worth}, ${recovery.unresolved} unresolved`);
  }
  return `${[...lines, ...standingText(status)].join("\n")}\n`;
}

function standingText({ standing }: BrakeStatus): readonly string[] {
  if (standing === undefined) return [];
  const { exposure, orders, positions, sequence } = standing;
  const counted = Object.entries(orders).map(([state, count]) => `${state} ${count}`);
  const open = positions.filter(({ size }) => size !== "0");
  return [
    `orders    ${counted.join(", ") || "none"}`,
    `position  ${open.map(({ coin, size }) => `${coin} ${size}`).join(", ") || "flat"}`,
    ...exposure.map(({ coin, min, max }) => `exposure  ${coin} ${min} to ${max}`),
    `sequence  ${sequence}`,
  ];
}
