import { kind, MS, OF_ACTION, plain } from "../fault-kind.ts";

/** What happens to signed actions on their way in. */

export const loseAction = plain({
  to: OF_ACTION,
  paper: { parameters: "", happens: "the exchange never runs it and never answers" },
  action: () => "lose",
});

type Hold = { readonly blocks: number } | { readonly ms: number };

export const holdAction = kind<Hold>({
  to: OF_ACTION,
  paper: {
    parameters: "`blocks` or `ms`",
    happens: "it runs so many blocks later, or gets to the exchange so many ms later",
  },
  read: (fault) =>
    fault.has("ms")
      ? { ms: fault.whole("ms", MS) }
      : { blocks: fault.whole("blocks", { min: 1, max: 1_000_000 }) },
  action: (hold) => ("ms" in hold ? { holdMs: hold.ms } : { holdBlocks: hold.blocks }),
});

export const repeatAction = kind<{ readonly heard: "first" | "second" }>({
  inside: true,
  to: OF_ACTION,
  paper: {
    parameters: "`heard` (`first`, `second`)",
    happens: "somebody on the way sends it twice; the client hears the answer to one of them",
  },
  read: (fault) => ({ heard: fault.word("heard", ["first", "second"]) }),
  action: ({ heard }) => ({ repeat: heard }),
});
