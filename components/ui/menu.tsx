"use client";

import Link from "next/link";
import { cloneElement, type KeyboardEvent, type MouseEvent, type ReactElement, type ReactNode, type Ref, useId, useRef, useState } from "react";
import { Icon, type IconName } from "./icon";
import { openedLayers, useLayers } from "./layers";

const ITEM =
  "flex min-h-8 cursor-default select-none items-center gap-2.5 rounded-1 px-2.5 text-body text-ink outline-none data-[highlighted]:bg-select data-[disabled]:text-ink-3 max-md:min-h-10";

type Trigger = ReactElement<{
  id?: string;
  onClick?: (event: MouseEvent) => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  ref?: Ref<HTMLElement>;
  "aria-haspopup"?: "menu";
  "aria-expanded"?: boolean;
}>;

/** A menu of acts and choices under its trigger. */
export function Menu({
  trigger,
  align = "end",
  className = "min-w-56 p-1",
  children,
}: {
  trigger: ReactNode;
  align?: "start" | "end";
  className?: string;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const [byKey, setByKey] = useState(false);
  const id = useId();
  const anchor = useRef<HTMLElement>(null);
  const layers = useLayers(isOpen);
  const button = trigger as Trigger;
  return (
    <>
      {cloneElement(button, {
        ref: anchor,
        id,
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        onClick: (event) => {
          button.props.onClick?.(event);
          setByKey(event.detail === 0);
          setOpen(!isOpen);
        },
        onKeyDown: (event) => {
          button.props.onKeyDown?.(event);
          if (event.key !== "ArrowDown" || isOpen) return;
          event.preventDefault();
          setByKey(true);
          setOpen(true);
        },
      })}
      {layers && (
        <layers.MenuLayer open={isOpen} onOpenChange={setOpen} anchor={anchor} labelledBy={id} align={align} byKey={byKey} className={className}>
          {children}
        </layers.MenuLayer>
      )}
    </>
  );
}

/** One act. `onSelect` runs it; the menu closes. */
export function MenuItem({ icon, onSelect, children }: { icon?: IconName; onSelect: () => void; children: ReactNode }) {
  const { DropdownMenu: Radix } = openedLayers();
  return (
    <Radix.Item className={ITEM} onSelect={onSelect}>
      {icon && <Icon name={icon} size={15} className="text-ink-3" />}
      {children}
    </Radix.Item>
  );
}

/** An entry that posts a form: works before scripts do, and is a menu item for the keyboard and for screen readers. */
export function MenuSubmit({ icon, action, children }: { icon: IconName; action: string; children: ReactNode }) {
  const { DropdownMenu: Radix } = openedLayers();
  return (
    <form action={action} method="post" role="none">
      <Radix.Item className={`${ITEM} w-full`} asChild onSelect={(event) => event.preventDefault()}>
        <button type="submit">
          <Icon name={icon} size={15} className="text-ink-3" />
          {children}
        </button>
      </Radix.Item>
    </form>
  );
}

/** One place to go, or a file to fetch when `download` is set. */
export function MenuLink({ icon, href, download, children }: { icon?: IconName; href: string; download?: boolean; children: ReactNode }) {
  const { DropdownMenu: Radix } = openedLayers();
  const content = (
    <>
      {icon && <Icon name={icon} size={15} className="text-ink-3" />}
      {children}
    </>
  );
  return (
    <Radix.Item className={ITEM} asChild>
      {download ? (
        <a href={href} download>
          {content}
        </a>
      ) : (
        <Link href={href}>{content}</Link>
      )}
    </Radix.Item>
  );
}

/** A choice of one out of a few, with the label above it. */
export function MenuChoice({
  label,
  value,
  choices,
  onChange,
  isInline = false,
}: {
  label: string;
  value: string;
  choices: { value: string; label: string }[];
  onChange: (value: string) => void;
  /** Side by side, for a few short words. */
  isInline?: boolean;
}) {
  const { DropdownMenu: Radix } = openedLayers();
  if (isInline)
    return (
      <Radix.RadioGroup value={value} onValueChange={onChange} className="flex flex-wrap items-center gap-x-1 py-0.5">
        <Radix.Label className="min-w-22 flex-1 px-2.5 text-label text-ink-3">{label}</Radix.Label>
        <span role="none" className="flex">
          {choices.map((choice) => (
            <Radix.RadioItem
              key={choice.value}
              value={choice.value}
              onSelect={(event) => event.preventDefault()}
              className="flex min-h-7 cursor-default select-none items-center border border-control px-2 text-meta text-ink-2 outline-none first:rounded-l-1 last:rounded-r-1 not-first:-ml-px data-[highlighted]:outline-2 data-[highlighted]:outline-offset-[-2px] data-[highlighted]:outline-focus data-[state=checked]:bg-select data-[state=checked]:font-medium data-[state=checked]:text-ink max-md:min-h-10"
            >
              {choice.label}
            </Radix.RadioItem>
          ))}
        </span>
      </Radix.RadioGroup>
    );
  return (
    <Radix.RadioGroup value={value} onValueChange={onChange}>
      <Radix.Label className="px-2.5 pt-2 pb-1 text-label text-ink-3">{label}</Radix.Label>
      {choices.map((choice) => (
        <Radix.RadioItem key={choice.value} value={choice.value} className={ITEM} onSelect={(event) => event.preventDefault()}>
          <span className="grid size-4 place-items-center">
            <Radix.ItemIndicator>
              <Icon name="check" size={14} />
            </Radix.ItemIndicator>
          </span>
          {choice.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuSeparator() {
  const { DropdownMenu: Radix } = openedLayers();
  return <Radix.Separator className="-mx-1 my-1 h-px bg-rule" />;
}
