"use client";

import { useRouter } from "next/navigation";
import { beginMove } from "@/app/(console)/[workspace]/settings/secret-store/actions";
import { ButtonLink } from "@/components/ui/button";
import { FactList } from "@/components/ui/facts";
import { ActionForm } from "@/components/ui/form-dialog";
import { counted, countWords } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { MovePreview } from "@/lib/secret-stores/move-schema";

/** What a move would do, and its beginning. */
export function StartMove({ workspace, to, preview }: { workspace: string; to: string; preview: MovePreview }) {
  const router = useRouter();
  const toast = useToast();
  const path = `/${workspace}/settings/secret-store`;
  const { refused, unreadable } = preview;
  const facts = [
    {
      label: "Would move",
      value: `${counted(preview.versions, "version")} of ${counted(preview.secrets, "secret")}, those of connectors and deleted ones among them`,
    },
    ...preview.bySource.map((one) => ({ label: `From ${one.source}`, value: counted(one.versions, "version") })),
    { label: preview.to, value: refused ? <span className="text-fail">{refused}</span> : "is up and allows all that is needed" },
    {
      label: "Opened on trial",
      value: `${countWords(preview.tried)} of the newest: ${unreadable.length === 0 ? "all open" : `${countWords(unreadable.length)} do not and would stay`}`,
    },
  ];
  return (
    <div className="max-w-[640px]">
      <FactList facts={facts} />
      {unreadable.length > 0 && (
        <ul className="mt-2 list-disc pl-5 text-ink-2">
          {unreadable.map((one) => (
            <li key={`${one.name} ${one.version}`}>
              {one.name} v{one.version}: {one.reason}
            </li>
          ))}
        </ul>
      )}
      <p className="mt-4 text-ink-2">
        Copying changes nothing that anybody reads. You cut over when every copy was compared, can roll back after, and destroy the old values by an act of its
        own.
      </p>
      <div className="mt-4">
        <ActionForm
          action={beginMove}
          hidden={{ workspace, to }}
          submit="Start copying"
          foot={(submit) => (
            <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
              {refused === null && preview.versions > 0 && submit}
              <ButtonLink href={path} look="ghost" size="lg">
                Back
              </ButtonLink>
            </div>
          )}
          onDone={() => {
            toast("The copying has begun.");
            router.push(path);
            router.refresh();
          }}
        >
          {() => null}
        </ActionForm>
      </div>
    </div>
  );
}
