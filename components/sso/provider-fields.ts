import type { AttributeMap, Protocol, Provider } from "@/lib/sso/schema";

// What to fill in at each provider, by the names that its own pages use, in their order. `copy`: a value of ours; else a choice to make there.

export type Field = { field: string; value: string; copy?: true };
export type Instructions = { where: string; fields: Field[]; notes: string[] };
export type OurAddresses = { entityId: string; acsUrl: string; sloUrl: string; redirectUrl: string; backChannelUrl: string };

const ours = (field: string, value: string): Field => ({ field, value, copy: true });
const choose = (field: string, value: string): Field => ({ field, value });

type Make = (our: OurAddresses, attributes: AttributeMap) => Instructions;

const GROUPS_NOTE = "Send only the groups that rules here need: providers cut long lists short, and a list that was cut takes nothing away.";

const SAML: Record<Provider, Make> = {
  okta: (our, { email, name, groups }) => ({
    where: "Applications → Create App Integration → SAML 2.0 → Configure SAML",
    fields: [
      ours("Single sign-on URL", our.acsUrl),
      ours("Audience URI (SP Entity ID)", our.entityId),
      choose("Name ID format", "Persistent"),
      choose("Application username", "Okta username"),
      choose("Response", "Signed"),
      choose("Assertion Signature", "Signed"),
      choose("Signature Algorithm", "RSA-SHA256"),
      choose("Attribute Statements", `${email} = user.email`),
      ...(name ? [choose("Attribute Statements", `${name} = user.displayName`)] : []),
      ...(groups ? [choose("Group Attribute Statements", `${groups}, Starts with: the prefix of your groups`)] : []),
    ],
    notes: [GROUPS_NOTE],
  }),
  entra: (our) => ({
    where: "Enterprise applications → New application → Create your own application → Single sign-on → SAML",
    fields: [
      ours("Identifier (Entity ID)", our.entityId),
      ours("Reply URL (Assertion Consumer Service URL)", our.acsUrl),
      ours("Logout Url (Optional)", our.sloUrl),
      choose("Unique User Identifier (Name ID)", "user.objectid, Name identifier format: Persistent"),
      choose("Add a group claim", "Groups assigned to the application, Source attribute: Group ID"),
      choose("Signing Option", "Sign SAML response and assertion"),
      choose("Signing Algorithm", "SHA-256"),
    ],
    notes: ["Groups come as object ids. Above 150 Entra leaves them out: assign groups to the application instead of sending all."],
  }),
  google: (our, { email, givenName, familyName, groups }) => ({
    where: "Apps → Web and mobile apps → Add app → Add custom SAML app",
    fields: [
      ours("ACS URL", our.acsUrl),
      ours("Entity ID", our.entityId),
      choose("Start URL", "leave it empty"),
      choose("Signed response", "on"),
      choose("Name ID format", "PERSISTENT"),
      choose("Name ID", "Basic Information > Primary email"),
      choose("Primary email", email),
      ...(givenName ? [choose("First name", givenName)] : []),
      ...(familyName ? [choose("Last name", familyName)] : []),
      ...(groups ? [choose("Group membership (optional): App attribute", groups)] : []),
    ],
    notes: ["Then switch the app on under User access: it is off for everyone at first."],
  }),
  keycloak: (our, { email, givenName, familyName, groups }) => ({
    where: "Clients → Create client",
    fields: [
      choose("Client type", "SAML"),
      ours("Client ID", our.entityId),
      ours("Valid redirect URIs", our.acsUrl),
      ours("Master SAML Processing URL", our.acsUrl),
      choose("Name ID format", "persistent"),
      choose("Force POST binding", "On"),
      choose("Include AuthnStatement", "On"),
      choose("Sign documents", "On"),
      choose("Sign assertions", "On"),
      choose("Signature algorithm", "RSA_SHA256"),
      choose("Keys: Client signature required", "Off"),
      ours("Advanced: Assertion Consumer Service POST Binding URL", our.acsUrl),
      ours("Advanced: Logout Service POST Binding URL", our.sloUrl),
      choose("Client scopes: Add mapper → User Property email", `SAML Attribute Name: ${email}`),
      ...(givenName ? [choose("Client scopes: Add mapper → User Property firstName", `SAML Attribute Name: ${givenName}`)] : []),
      ...(familyName ? [choose("Client scopes: Add mapper → User Property lastName", `SAML Attribute Name: ${familyName}`)] : []),
      ...(groups ? [choose("Client scopes: Add mapper → Group list", `Group attribute name: ${groups}, Full group path: Off`)] : []),
    ],
    notes: ["Keycloak can also read all addresses from our metadata: Clients → Import client."],
  }),
  generic: (our, { email, name, groups }) => ({
    where: "Its form for a new SAML 2.0 service provider; names differ, meanings don't",
    fields: [
      ours("Entity ID, Audience", our.entityId),
      ours("Assertion Consumer Service (HTTP-POST)", our.acsUrl),
      ours("Single Logout Service", our.sloUrl),
      choose("NameID format", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
      choose("Signature", "assertion signed, RSA-SHA256 or better"),
      choose("Attributes", [email, name, groups].filter(Boolean).join(", ")),
    ],
    notes: [GROUPS_NOTE],
  }),
};

const OIDC: Record<Provider, Make> = {
  okta: (our, { groups }) => ({
    where: "Applications → Create App Integration → OIDC → Web Application",
    fields: [
      choose("Grant type", "Authorization Code"),
      ours("Sign-in redirect URIs", our.redirectUrl),
      choose("Client authentication", "Client secret"),
      choose("Require PKCE as additional verification", "on"),
      ...(groups ? [choose("Groups claim filter", `${groups}, Starts with: the prefix of your groups`)] : []),
    ],
    notes: ["The org's own server sends groups only when the scope groups is asked for. At 100 groups Okta cuts the list without a word."],
  }),
  entra: (our) => ({
    where: "App registrations → New registration",
    fields: [
      choose("Supported account types", "Accounts in this organizational directory only"),
      choose("Redirect URI: platform", "Web"),
      ours("Redirect URI", our.redirectUrl),
      choose("Certificates & secrets", "New client secret: copy its Value"),
      choose("Token configuration: Add optional claim", "ID: email"),
      choose("Token configuration: Add groups claim", "Groups assigned to the application, ID: Group ID"),
    ],
    notes: ["Groups come as object ids. Above 200 Entra leaves them out: assign groups to the application instead of sending all."],
  }),
  google: (our) => ({
    where: "Google Auth Platform → Clients → Create client",
    fields: [choose("Application type", "Web application"), ours("Authorized redirect URIs", our.redirectUrl), choose("Audience", "Internal")],
    notes: ["Google sends no groups over OpenID Connect. Take SAML, or a directory, where roles follow groups."],
  }),
  keycloak: (our, { groups }) => ({
    where: "Clients → Create client",
    fields: [
      choose("Client type", "OpenID Connect"),
      choose("Client ID", "reeve"),
      choose("Client authentication", "On"),
      choose("Authentication flow", "Standard flow"),
      ours("Valid redirect URIs", our.redirectUrl),
      ours("Logout settings: Backchannel logout URL", our.backChannelUrl),
      choose("Logout settings: Backchannel logout session required", "On"),
      choose("Advanced: Proof Key for Code Exchange Code Challenge Method", "S256"),
      ...(groups ? [choose("Client scopes: Add mapper → Group Membership", `Token Claim Name: ${groups}, Full group path: Off, Add to ID token: On`)] : []),
    ],
    notes: [],
  }),
  generic: (our, { groups }) => ({
    where: "Its form for a new OpenID Connect client; names differ, meanings don't",
    fields: [
      choose("Kind of client", "confidential, with a secret"),
      choose("Grant", "authorization code, with PKCE (S256)"),
      ours("Redirect URI", our.redirectUrl),
      choose("Scopes", "openid email profile"),
      ours("Back-channel logout URI (backchannel_logout_uri)", our.backChannelUrl),
      ...(groups ? [choose("Claim with groups", groups)] : []),
    ],
    notes: [GROUPS_NOTE],
  }),
};

export const instructionsFor = (provider: Provider, protocol: Protocol, our: OurAddresses, attributes: AttributeMap): Instructions =>
  (protocol === "saml" ? SAML : OIDC)[provider](our, attributes);

/** Where each provider shows what we take from it. */
export const WHERE_THEIRS: Record<Protocol, Record<Provider, string>> = {
  saml: {
    okta: "Sign On → SAML Signing Certificates → Actions → View IdP metadata: that page's address.",
    entra: "Single sign-on → SAML Certificates → App Federation Metadata Url.",
    google: "Download metadata, in the app's own page. Google has no address for it: choose the file.",
    keycloak: "Realm settings → Endpoints → SAML 2.0 Identity Provider Metadata.",
    generic: "Its metadata, as an address or a file; else the fields one by one.",
  },
  oidc: {
    okta: "The issuer is https:// and your Okta domain, or with /oauth2/default after it; client id and secret stand under General.",
    entra: "The issuer is https://login.microsoftonline.com/, the directory (tenant) id and /v2.0; the client id is the application's.",
    google: "The issuer is https://accounts.google.com; client id and secret are shown when the client is made.",
    keycloak: "The issuer is the server's address with /realms/ and the realm's name; the secret stands under Credentials.",
    generic: "The issuer is the address before /.well-known/openid-configuration.",
  },
};
