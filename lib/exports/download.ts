import "server-only";

// A file that is written while it is read from the database page by page: memory stays flat, and a reader who goes away ends it.

const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" } as const;

/** Answers with a file. `pages` gives its text piece by piece; `name` has only letters, digits, dots and dashes. */
export function downloadResponse(name: string, format: keyof typeof TYPES, pages: AsyncIterable<string>): Response {
  const encoder = new TextEncoder();
  const iterator = pages[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(body, {
    headers: { "content-type": TYPES[format], "content-disposition": `attachment; filename="${name.replace(/[^A-Za-z0-9.-]/g, "-")}.${format}"` },
  });
}
