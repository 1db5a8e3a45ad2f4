import "server-only";
import { DOMParser, type Element, type Node, onWarningStopParsing } from "@xmldom/xmldom";
import { scan, UnreadableXml } from "./scan";

// XML as elements, and the few questions that are asked of them. Names are always compared with their namespace.

export const NS = {
  protocol: "urn:oasis:names:tc:SAML:2.0:protocol",
  assertion: "urn:oasis:names:tc:SAML:2.0:assertion",
  metadata: "urn:oasis:names:tc:SAML:2.0:metadata",
  signature: "http://www.w3.org/2000/09/xmldsig#",
  encryption: "http://www.w3.org/2001/04/xmlenc#",
} as const;
export type Namespace = keyof typeof NS;

const LIMITS = { depth: 60, elements: 5_000 };

/** The root element. Throws UnreadableXml for whatever the scan or the parser has a doubt about. */
export function readXml(text: string, limits = LIMITS): Element {
  scan(text, limits);
  try {
    const root = new DOMParser({ onError: onWarningStopParsing }).parseFromString(text, "text/xml").documentElement;
    if (root) return root;
  } catch {
    // The parser's message repeats the text.
  }
  throw new UnreadableXml("XML that can't be parsed");
}

/** Child elements, of a name when one is given. */
export function children(element: Element, namespace?: Namespace, name?: string): Element[] {
  const found: Element[] = [];
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType !== node.ELEMENT_NODE) continue;
    const child = node as Element;
    if (!name || (child.localName === name && (!namespace || child.namespaceURI === NS[namespace]))) found.push(child);
  }
  return found;
}

/** The one child of this name; undefined when there is none, UnreadableXml when there are several. */
export function child(element: Element, namespace: Namespace, name: string): Element | undefined {
  const found = children(element, namespace, name);
  if (found.length > 1) throw new UnreadableXml(`several ${name}`);
  return found[0];
}

/** This element and every one below it. */
export function everyElement(element: Element): Element[] {
  const found = [element];
  for (const one of found) found.push(...children(one));
  return found;
}

export const isNamed = (element: Element, namespace: Namespace, name: string): boolean => element.localName === name && element.namespaceURI === NS[namespace];

/** The whole text: comments in it split nothing off. Space around it is layout. */
export const textOf = (element: Element | undefined): string => (element?.textContent ?? "").replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");

/** The namespaces declared on and around an element: the attribute's name and what it stands for, the nearest first. */
export function namespacesAround(element: Element): Map<string, string> {
  const found = new Map<string, string>();
  for (let node: Node | null = element; node?.nodeType === element.ELEMENT_NODE; node = node.parentNode)
    for (const { name, value } of (node as Element).attributes) if (/^xmlns(:|$)/.test(name) && !found.has(name)) found.set(name, value);
  return found;
}

/** An attribute without namespace; null when it is absent. */
export const attribute = (element: Element | undefined, name: string): string | null => (element?.hasAttribute(name) ? element.getAttribute(name) : null);

/** Whether a comment lies anywhere within. */
export function hasComment(element: Element): boolean {
  for (let node = element.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === node.COMMENT_NODE) return true;
    if (node.nodeType === node.ELEMENT_NODE && hasComment(node as Element)) return true;
  }
  return false;
}

const ESCAPES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" };
/** `text` as it may stand in an element or in an attribute. */
export const escapeXml = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (one) => ESCAPES[one] ?? "");
