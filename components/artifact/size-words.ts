/** 1,536 → "1.5 kB". Thousands, as operating systems count files. */
export function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(Math.floor(Math.log10(bytes) / 3), units.length);
  const value = bytes / 1_000 ** power;
  return `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${units[power - 1]}`;
}
