import Link from "next/link";
import type { ButtonHTMLAttributes, ComponentProps, ReactNode } from "react";
import { cx } from "./class-names";
import { Icon, type IconName } from "./icon";

export type ButtonLook = "plain" | "primary" | "danger" | "ghost";
export type ButtonSize = "md" | "lg";

/** The classes of a button (its looks stand in app/globals.css), for links and menu triggers that look like one. */
export function buttonClass(look: ButtonLook = "plain", size: ButtonSize = "md", extra?: string): string {
  return cx("btn", look, size === "lg" && "large", extra);
}

type Common = { look?: ButtonLook; size?: ButtonSize; icon?: IconName; children: ReactNode };

/** A button: an act, with a verb and its object. `type="button"` unless said otherwise. */
export function Button({ look, size, icon, className, children, ...rest }: Common & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" {...rest} className={buttonClass(look, size, className)}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({ look, size, icon, className, children, ...rest }: Common & ComponentProps<typeof Link>) {
  return (
    <Link {...rest} className={buttonClass(look, size, className)}>
      {icon && <Icon name={icon} size={14} />}
      {children}
    </Link>
  );
}

/** A square button that shows only an icon; `label` is its name and its tooltip. */
export function IconButton({
  icon,
  label,
  size = 16,
  className,
  ...rest
}: { icon: IconName; label: string; size?: number } & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      {...rest}
      className={cx(
        "inline-grid size-7 shrink-0 place-items-center rounded-1 text-ink-2 transition-colors duration-(--fast) hover:bg-hover max-md:size-10",
        className,
      )}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
