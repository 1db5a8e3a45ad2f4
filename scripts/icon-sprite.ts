import fs from "node:fs";
import vm from "node:vm";
import { ICON_NAMES } from "@/components/ui/icon-names";

// The icons of components/ui/icon-names.ts as one file of symbols, from the outlines in lucide-react.

type Node = [tag: string, attributes: Record<string, string>];

/** The text of components/ui/icons.svg. Throws for a name that lucide doesn't have. */
export function iconSprite(): string {
  const symbols = ICON_NAMES.map((name) => {
    const shapes = outline(name).map(([tag, { key: _, ...attributes }]) => {
      const written = Object.entries(attributes).map(([attribute, value]) => ` ${attribute}="${value}"`);
      return `<${tag}${written.join("")}/>`;
    });
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.join("")}</symbol>\n`;
  });
  // What `use` draws takes these from the symbol: the file's own root is no parent of it.
  const look = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">\n${symbols.join("").replaceAll('viewBox="0 0 24 24"', `viewBox="0 0 24 24" ${look}`)}</svg>\n`;
}

function outline(name: string): Node[] {
  const source = fs.readFileSync(`node_modules/lucide-react/dist/esm/icons/${name}.mjs`, "utf8");
  const renamed = /export \{[^}]*default[^}]*\} from ["']\.\/([a-z0-9-]+)\.mjs["']/.exec(source)?.[1];
  if (renamed) return outline(renamed);
  const literal = /const __iconData = (\{[\s\S]*?\n\});/.exec(source)?.[1];
  if (!literal) throw new Error(`lucide-react has no outline of ${name} where scripts/icon-sprite.ts looks.`);
  return (vm.runInNewContext(`(${literal})`) as { node: Node[] }).node;
}
