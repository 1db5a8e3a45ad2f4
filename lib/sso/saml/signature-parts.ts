import "server-only";
import type { Element } from "@xmldom/xmldom";
import { SignInRefused } from "../schema";
import { CANONICAL, DIGESTS, ENVELOPED, SIGNATURES } from "./algorithms";
import { attribute, children, everyElement, hasComment, isNamed } from "./xml";

// What a signature may look like. Whatever has more parts, other parts or parts elsewhere is refused before anything is computed.

const scope = (detail: string): never => {
  throw new SignInRefused("saml.signature_scope", detail);
};
const algorithm = (detail: string): never => {
  throw new SignInRefused("saml.algorithm", detail);
};

/** The signature that is the element's direct child; undefined when it has none. */
export function signatureIn(element: Element): Element | undefined {
  const found = children(element, "signature", "Signature");
  if (found.length > 1) scope("several signatures of one element");
  return found[0];
}

/** Children that are these and no others, in this order. */
function exactly(element: Element, names: string[], optional = 0): Element[] {
  const parts = children(element);
  const isWhole =
    parts.length <= names.length && parts.length >= names.length - optional && parts.every((one, at) => isNamed(one, "signature", names[at] ?? ""));
  return isWhole ? parts : scope(`other parts in ${element.localName}`);
}

export type Parts = { info: Element; value: Element; canonical: string; method: string; digest: string };
const algorithmIn = (element: Element | undefined): string => attribute(element, "Algorithm") ?? "";

/** Its one reference is the element itself, by an id that the document has once, without transforms that take parts away. */
export function partsOf(signature: Element, element: Element, root: Element): Parts {
  const [info, value] = exactly(signature, ["SignedInfo", "SignatureValue", "KeyInfo"], 1) as [Element, Element];
  const [canonical, method, reference] = exactly(info, ["CanonicalizationMethod", "SignatureMethod", "Reference"]) as [Element, Element, Element];
  const [transforms, digest, digestValue] = exactly(reference, ["Transforms", "DigestMethod", "DigestValue"]) as [Element, Element, Element];
  const isPlain = !hasComment(info) && !hasComment(value) && children(value).length === 0 && children(digestValue).length === 0;
  if (!isPlain) scope("something inside the signature's values");
  const id = attribute(element, "ID");
  if (!id || attribute(reference, "URI") !== `#${id}`) scope("a reference to another element");
  const ids = everyElement(root).flatMap((one) => [...one.attributes].filter((attr) => /^id$/i.test(attr.localName ?? "")));
  if (ids.filter((attr) => attr.value === id).length !== 1) scope("an id twice");
  const [first, second, more] = children(transforms);
  const isKnown = algorithmIn(first) === ENVELOPED && CANONICAL.has(algorithmIn(second)) && !more;
  if (!isKnown || children(transforms, "signature", "Transform").length !== 2) algorithm("transforms");
  return { info, value, canonical: algorithmIn(canonical), method: algorithmIn(method), digest: algorithmIn(digest) };
}

/** Whether SHA-1 is used. Throws for algorithms that aren't allowed. */
export function judgeAlgorithms({ canonical, method, digest }: Parts, allowsSha1: boolean): boolean {
  if (!CANONICAL.has(canonical)) algorithm("canonical form");
  const hashes = [SIGNATURES.get(method)?.hash ?? algorithm("signature"), DIGESTS.get(digest) ?? algorithm("digest")];
  const usesSha1 = hashes.includes("sha1");
  if (usesSha1 && !allowsSha1) algorithm("SHA-1");
  return usesSha1;
}
