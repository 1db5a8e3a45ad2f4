const DIGITS = 5;

/** A number for reading: five digits that count, thousands with a comma, very large and small ones as powers of ten. */
export function numberWords(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) return value.toExponential(3);
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  return Number(value.toPrecision(DIGITS)).toLocaleString("en-US", { maximumFractionDigits: 10 });
}
