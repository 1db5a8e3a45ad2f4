import { LinkTabs } from "@/components/ui/tabs";

const TABS = [
  { id: "general", path: "", label: "General" },
  { id: "projects", path: "/projects", label: "Projects" },
  { id: "service-accounts", path: "/service-accounts", label: "Service accounts" },
  { id: "secret-store", path: "/secret-store", label: "Secret store" },
] as const;

/** The tabs of a workspace's settings, each a page of its own. */
export function SettingsTabs({ slug, current }: { slug: string; current: (typeof TABS)[number]["id"] }) {
  return <LinkTabs label="Settings" tabs={TABS.map((tab) => ({ href: `/${slug}/settings${tab.path}`, label: tab.label, isCurrent: tab.id === current }))} />;
}
