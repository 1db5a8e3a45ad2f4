/** Text for an attribute or an element. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** The base64 of a PEM certificate. */
export const pemBody = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, "");
