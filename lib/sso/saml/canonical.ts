import "server-only";
import type { Element } from "@xmldom/xmldom";
import { ExclusiveCanonicalization, type SignedXml } from "xml-crypto";
import { ENVELOPED, EXCLUSIVE, EXCLUSIVE_WITH_COMMENTS } from "./algorithms";
import { namespacesAround } from "./xml";

// The library's exclusive canonical form where it differs from the standard's, and so from what others sign: namespaces are ordered by code
// and not by language (Canonical XML §4.7), a reference to an id leaves comments out whatever the form says (XML Signature §4.4.3.3), and
// SignedInfo has the namespaces of its own place, not of the document's first SignedInfo.

type Forms = SignedXml["CanonicalizationAlgorithms"];
type Named = { prefix: string };
const byCode = (a: Named, b: Named): number => (a.prefix < b.prefix ? -1 : Number(a.prefix > b.prefix));

function formOf(info: Element | undefined) {
  return class extends ExclusiveCanonicalization {
    override nsCompare(a: Named, b: Named): number {
      return byCode(a, b);
    }
    override process(...[element, options]: Parameters<ExclusiveCanonicalization["process"]>): string {
      if (!info || element.localName !== "SignedInfo") return super.process(element, options);
      const around = [...namespacesAround(info)].map(([name, namespaceURI]) => ({ prefix: name.slice("xmlns:".length), namespaceURI }));
      return super.process(element, { ...options, ancestorNamespaces: around });
    }
  };
}

/** The transforms and forms that signatures may use. `info`: the SignedInfo that is verified. */
export function canonicalForms(known: Forms, info?: Element): Forms {
  const form = formOf(info);
  return { [ENVELOPED]: known[ENVELOPED], [EXCLUSIVE]: form, [EXCLUSIVE_WITH_COMMENTS]: form } as Forms;
}

/** SignedInfo as it was signed. */
export function canonicalInfo(info: Element): string {
  return new (formOf(info))().process(info.cloneNode(true) as never, {});
}
