// The browser and system that a user agent names, for people; what a client says of itself is never proof.

const BROWSERS: [RegExp, string][] = [
  [/Edg\/([\d.]+)/, "Edge"],
  [/Firefox\/([\d.]+)/, "Firefox"],
  [/Chrome\/([\d.]+)/, "Chrome"],
  [/Version\/([\d.]+).*Safari/, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
];

/** "Firefox 142 on macOS"; the start of the text itself for what is unknown. */
export function browserName(userAgent: string | null): string {
  if (!userAgent) return "Not known";
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version.split(".")[0]}${system ? ` on ${system}` : ""}`;
  }
  return userAgent.slice(0, 40);
}
