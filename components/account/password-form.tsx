"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { changePasswordAction } from "@/app/(console)/account/actions";
import { TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { countWords, durationWords } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { PasswordChange } from "@/lib/account/schema";
import { MIN_PASSWORD_LENGTH } from "@/lib/identity/password-rule";

/** A new password, with the present one. The fields empty themselves when it is done. */
export function PasswordForm() {
  const [round, setRound] = useState(0);
  const [refusal, setRefusal] = useState<string | null>(null);
  const toast = useToast();
  const router = useRouter();
  const done = (result: PasswordChange) => {
    if (result.status === "wrong_password") return setRefusal("This is not your present password.");
    if (result.status === "throttled") return setRefusal(`Too many tries. The next one is possible in ${durationWords(result.waitS).replace(".0", "")}.`);
    setRefusal(null);
    setRound(round + 1);
    toast(`Changed the password; ${result.sessionsEnded === 1 ? "one other session has" : `${countWords(result.sessionsEnded)} other sessions have`} ended.`);
    router.refresh();
  };
  return (
    <ActionForm key={round} action={changePasswordAction} submit="Change password" onDone={done}>
      {(errorOf) => (
        <>
          <TextField id="current" label="Present password" type="password" autoComplete="current-password" error={errorOf("current") ?? refusal} />
          <TextField
            id="next"
            label="New password"
            type="password"
            autoComplete="new-password"
            help={`At least ${MIN_PASSWORD_LENGTH} characters; a few words are better than signs. Your other sessions and password logins end; devices, tokens and keys stay.`}
            error={errorOf("next")}
          />
        </>
      )}
    </ActionForm>
  );
}
