import { versionWord } from "@/components/artifact/words";
import { counted } from "@/components/ui/time-words";
import { edgePath } from "./edge-paths";
import { NOT_STARTED } from "@/lib/runs/graph-schema";
import { stateOfAll, stateWord, stepNote } from "./node-words";
import type { Picture } from "./use-layout";
import { cutName, type ViewNode } from "./view";

// The graph as a picture to take along: what is shown now, in the page's colours, with what it is and when it was taken.

const FOOT = 32;
const MOST_PIXELS = 16_000;
const COLOURS = ["paper", "desk", "ink", "ink-2", "ink-3", "control", "rule-strong", "fail"] as const;
type Colours = Record<(typeof COLOURS)[number], string>;

/** The page's colours as they are now: the tokens hold both themes. */
function coloursNow(): Colours {
  const probe = document.createElement("span");
  document.body.append(probe);
  const found = Object.fromEntries(
    COLOURS.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return found as Colours;
}

const inXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The picture as the text of an SVG file. `foot` says what it shows. */
export function svgOf(picture: Picture, foot: string, colours: Colours): string {
  const { layout, view } = picture;
  const [width, height] = [layout.width + 32, layout.height + 32 + FOOT];
  const nodes = view.nodes.map((node) => {
    const [x, y] = layout.nodes[node.key] ?? [0, 0];
    return `<g transform="translate(${x} ${y})">${shapeOf(node, colours)}${textOf(node, colours)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter, system-ui, sans-serif" font-size="13">
<rect width="100%" height="100%" fill="${colours.desk}"/>
<g transform="translate(16 16)"><path d="${layout.edges.map(edgePath).join("")}" fill="none" stroke="${colours.control}"/>
${nodes.join("\n")}</g>
<text x="16" y="${height - 14}" font-size="12" fill="${colours["ink-3"]}">${inXml(foot)}</text>
</svg>
`;
}

function shapeOf({ kind, width: w, height: h, step, artifact }: ViewNode, colours: Colours): string {
  const isToCome = step?.status === NOT_STARTED || artifact?.versionId === null;
  const look = `fill="${isToCome ? colours.desk : colours.paper}" stroke="${step?.status === "failed" ? colours.fail : colours.control}"${isToCome ? ' stroke-dasharray="4 3"' : ""}`;
  const box = (dx: number, dy: number, radius: number, style: string, less = 0) =>
    `<rect x="${dx + 0.5}" y="${dy + 0.5}" width="${w - 1 - less}" height="${h - 1 - less}" rx="${radius}" ${style}/>`;
  if (kind === "artifact") return box(0, 0, h / 2, look);
  if (kind === "model") return `<path d="M10 .5H${w - 10}L${w - 0.5} 10V${h - 10}L${w - 10} ${h - 0.5}H10L.5 ${h - 10}V10z" ${look}/>`;
  if (kind === "dataset") return `${box(0, 0, 3, look, 0)}<path d="M0 ${h + 2.5}H${w}" stroke="${colours.control}"/>`;
  if (kind === "step") return box(0, 0, 3, look);
  const sheet = `fill="${colours.paper}" stroke="${colours["rule-strong"]}"`;
  return box(8, 8, 3, sheet, 8) + box(4, 4, 3, sheet, 8) + box(0, 0, 3, look, 8);
}

function textOf(node: ViewNode, colours: Colours): string {
  const { step, artifact, members, width, height } = node;
  const middle = (members ? height - 8 : height) / 2 + 4.5;
  const note = members
    ? `${counted(members.length, "step")}, ${stateWord(stateOfAll(members)).toLowerCase()}`
    : step
      ? stepNote(step) || stateWord(step.status).toLowerCase()
      : artifact?.version
        ? versionWord(artifact.version)
        : "";
  const right = width - (members ? 20 : 12);
  return `<text x="12" y="${middle}" fill="${colours.ink}">${inXml(cutName(node.label, width - 110))}</text><text x="${right}" y="${middle}" text-anchor="end" font-size="12" fill="${step?.status === "failed" ? colours.fail : colours["ink-3"]}">${inXml(note)}</text>`;
}

/** Saves the picture as a file. A picture that is too wide for one bitmap becomes a smaller one. */
export async function savePicture(picture: Picture, kind: "svg" | "png", name: string, foot: string): Promise<void> {
  const text = svgOf(picture, foot, coloursNow());
  const source = new Blob([text], { type: "image/svg+xml" });
  save(kind === "svg" ? source : await bitmapOf(source, picture), `${name}.${kind}`);
}

async function bitmapOf(source: Blob, { layout }: Picture): Promise<Blob> {
  const url = URL.createObjectURL(source);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const scale = Math.min(2, MOST_PIXELS / Math.max(layout.width, layout.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("No picture could be made of it."))), "image/png"),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
