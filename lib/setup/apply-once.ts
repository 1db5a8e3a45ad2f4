import "server-only";

export async function applySetupFileOnce(_file: string, _say: (line: string) => void): Promise<void> {
  throw new Error("not yet");
}
