/** A life in words. */
export const lifeWords = (seconds: number): string => {
  if (seconds % 3_600 === 0) return seconds === 3_600 ? "1 hour" : `${seconds / 3_600} hours`;
  return seconds < 60 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
};
