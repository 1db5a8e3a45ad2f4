import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { requestPreferences } from "@/components/shell/request-preferences";
import { ZoneKeeper } from "@/components/shell/zone-keeper";
import { ClockProvider } from "@/components/ui/clock";
import { ToastProvider } from "@/components/ui/toast";
import { inter, plexMono } from "./fonts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Reeve", template: "%s · Reeve" },
  icons: { icon: "/icon.svg" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f7f6" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0f0d" },
  ],
};

/** The frame of every page. Reading cookies here also makes every page dynamic, which its policy's nonce needs. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const preferences = await requestPreferences();
  return (
    <html
      lang="en"
      className={`${inter.variable} ${plexMono.variable}`}
      data-theme={preferences.theme === "system" ? undefined : preferences.theme}
      data-density={preferences.density === "default" ? undefined : preferences.density}
    >
      <body>
        <a
          href="#main"
          className="absolute top-2 left-2 z-50 -translate-y-16 rounded-1 border border-control bg-paper px-3 py-1.5 font-medium text-ink focus:translate-y-0"
        >
          Skip to content
        </a>
        <ClockProvider now={new Date().toISOString()} zone={preferences.zone}>
          <ToastProvider>{children}</ToastProvider>
        </ClockProvider>
        <ZoneKeeper zone={preferences.zone} isAuto={preferences.zoneIsAuto} />
      </body>
    </html>
  );
}
