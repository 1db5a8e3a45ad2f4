import { expect, it } from "vitest";
import { tracebackLines } from "./traceback";

it("tells own frames from a library's, with the code line that belongs to each", () => {
  const lines = tracebackLines(
    [
      "Traceback (most recent call last):",
      '  File "/venv/lib/python3.11/site-packages/zenml/step.py", line 3, in _run',
      "    call()",
      '  File "/home/mira/pl.py", line 49, in boom',
      '    raise ValueError("no")',
      "ValueError: no",
      "",
    ].join("\n"),
  );
  expect(lines.map((line) => line.kind)).toEqual(["other", "library", "library", "own", "own", "error"]);
});
