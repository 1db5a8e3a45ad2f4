import type { AttributeMap, Protocol, Provider } from "./schema";

// What each provider calls the attributes that we read, as it sends them when it is set up by the wizard's second step.

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

const names = (email: string, name: string | null, givenName: string | null, familyName: string | null, groups: string | null): AttributeMap => ({
  email,
  name,
  givenName,
  familyName,
  groups,
});

const SAML: Record<Provider, AttributeMap> = {
  okta: names("email", "displayName", null, null, "groups"),
  entra: names(`${CLAIMS}/emailaddress`, null, `${CLAIMS}/givenname`, `${CLAIMS}/surname`, "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups"),
  google: names("email", null, "firstName", "lastName", "groups"),
  keycloak: names("email", null, "firstName", "lastName", "groups"),
  generic: names("email", "displayName", null, null, "groups"),
};

/** The attributes that a new connection reads. Google sends no groups over OpenID Connect. */
export const defaultAttributes = (provider: Provider, protocol: Protocol): AttributeMap =>
  protocol === "saml" ? SAML[provider] : names("email", "name", null, null, provider === "google" ? null : "groups");
