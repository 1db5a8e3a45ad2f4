// ⌘ on a Mac, Ctrl elsewhere. Only for code that runs in a browser, after the page is drawn.

export const isMac = (): boolean => typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** True when the key that stands for commands here is held, and the other one is not. */
export const hasCommand = (event: Pick<KeyboardEvent, "metaKey" | "ctrlKey">): boolean =>
  isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
