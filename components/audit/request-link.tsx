import Link from "next/link";
import { filterOf } from "@/components/project/paths";

/** Where the entries of one request are; null for who reads no audit trail. */
export const requestPath = (auditPath: string | null, requestId: string): string | null =>
  auditPath && `${auditPath}?f=${encodeURIComponent(filterOf("request", "is", requestId))}`;

/** A request's id, which leads to its entries where the reader may see them. */
export function RequestLink({ auditPath, requestId, title }: { auditPath: string | null; requestId: string; title: string }) {
  const href = requestPath(auditPath, requestId);
  return href ? (
    <Link className="link font-mono text-mono" href={href} title={title}>
      {requestId}
    </Link>
  ) : (
    <code>{requestId}</code>
  );
}
