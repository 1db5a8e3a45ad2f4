import { Icon } from "@/components/ui/icon";

/** Who knows of a secret. */
export const Visibility = ({ isPrivate }: { isPrivate: boolean }) =>
  isPrivate ? (
    <span className="inline-flex items-center gap-1.5">
      <Icon name="lock" size={13} className="text-ink-3" />
      Its owner
    </span>
  ) : (
    "The workspace"
  );
