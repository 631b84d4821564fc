/** A source file taken apart: rules about code must not stumble over words in comments and strings. */
export type SourceText = {
  /** Line by line as it stood, comments cut, quoted strings emptied; templates stay, they hold code. */
  readonly code: string;
  readonly comments: readonly string[];
};

/** A comment, a quoted string, a template, or a regular expression where a value may begin. */
const PIECE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[=(,:;!&|?{}[\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;

export function takeApart(text: string): SourceText {
  const comments: string[] = [];
  const code = text.replaceAll(PIECE, (piece) => {
    if (piece.startsWith("//") || piece.startsWith("/*")) {
      comments.push(piece);
      return piece.replaceAll(/[^\n]/g, "");
    }
    return piece.startsWith('"') || piece.startsWith("'") ? '""' : piece;
  });
  return { code, comments };
}

/** What a source says in quotes and in templates, without the quotes; holes of templates stay. */
export function textsIn(text: string): readonly string[] {
  const pieces = text.match(PIECE) ?? [];
  return pieces.filter((piece) => /^["'`]/.test(piece)).map((piece) => piece.slice(1, -1));
}

/** Lines that are neither blank nor comment. */
export function codeLines(text: string): number {
  const lines = takeApart(text).code.split("\n");
  return lines.filter((line) => line.trim() !== "").length;
}
