"use client";

import { testSavedAction } from "@/app/(console)/[workspace]/secrets/actions";
import { ActButton } from "@/components/ui/act-button";

/** Tests what is saved: one call outside, which stands among the uses. What came of it is drawn by the page. */
export const TestSecret = ({ workspace, id, name }: { workspace: string; id: string; name: string }) => (
  <ActButton action={testSavedAction} fields={{ workspace, id }} said={`Tested ${name}.`}>
    Test it
  </ActButton>
);
