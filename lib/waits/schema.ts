// What pages see of a run's questions: plain data, ISO times, JSON texts as they were sent.

export type RunQuestion = {
  id: string;
  name: string;
  question: string | null;
  /** JSON Schema of the answer as text; null when the question takes none. */
  schema: string | null;
  askedAt: string;
  isOpen: boolean;
  /** Whether the run's process listens for the answer now. */
  isHeard: boolean | null;
  resolution: "continue" | "abort" | null;
  /** The answer as JSON text. */
  result: string | null;
  answeredAt: string | null;
  answeredBy: string | null;
};

export type RunAttention = { questions: RunQuestion[]; lastHeardAt: string | null; limitMinutes: number | null };
