import "server-only";
import { Marked } from "marked";

// Markdown that pipelines made, as a page of its own for a frame that runs no scripts and loads nothing: HTML inside it is shown as text,
// links lead nowhere, pictures are those that it carries itself.

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => ESCAPES[char] as string);

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    // The frame opens nothing; where a link leads stays readable.
    link({ href, tokens }) {
      return `<span class="link" title="${escaped(href)}">${this.parser.parseInline(tokens)}</span>`;
    },
    image: ({ href, text }) =>
      /^data:image\//.test(href) ? `<img src="${escaped(href)}" alt="${escaped(text)}">` : `<span>${escaped(text || "picture")}</span>`,
  },
});

/** The colours of app/tokens.css: a frame sees nothing of the page around it. */
const THEMES = {
  light: { paper: "#ffffff", sunk: "#eff1f0", ink: "#14201c", ink2: "#46534e", rule: "#dfe4e1" },
  dark: { paper: "#111614", sunk: "#0e1311", ink: "#e9eeeb", ink2: "#b2bdb8", rule: "#25302b" },
} as const;

/** The whole page. */
export async function markdownDocument(text: string, theme: keyof typeof THEMES): Promise<string> {
  const { paper, sunk, ink, ink2, rule } = THEMES[theme];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="script-src 'none'"><title>Markdown</title><style>
:root{color-scheme:${theme}}body{margin:0;padding:16px;background:${paper};color:${ink};font:14px/22px Inter,system-ui,sans-serif;max-width:72ch;overflow-wrap:anywhere}
h1{font-size:20px;line-height:28px}h2{font-size:16px;line-height:24px}h3,h4,h5,h6{font-size:14px}h1,h2,h3,h4,h5,h6{font-weight:600;margin:20px 0 8px}:is(h1,h2,h3,p,ul,ol,pre,table):first-child{margin-top:0}
code,pre{font:12px/20px "IBM Plex Mono",ui-monospace,monospace;background:${sunk}}code{padding:1px 4px}pre{padding:12px;overflow:auto}pre code{padding:0}
table{border-collapse:collapse;display:block;overflow:auto}th,td{border-bottom:1px solid ${rule};padding:6px 12px 6px 0;text-align:left;vertical-align:top}th,blockquote{color:${ink2}}
blockquote{margin:0;padding-left:12px;border-left:2px solid ${rule}}hr{border:0;border-top:1px solid ${rule}}img{max-width:100%}.link{text-decoration:underline}
</style></head><body><main>${await marked.parse(text)}</main></body></html>`;
}
