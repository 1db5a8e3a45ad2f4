"use server";

import { action } from "@/lib/kernel/action";
import { setAttributes, setConnectionOptions, setSamlSettings, switchConnection } from "@/lib/sso/change-connection";
import { addDomain, confirmDomain, removeDomain } from "@/lib/sso/change-domains";
import { createConnection } from "@/lib/sso/create-connection";
import { deleteConnection } from "@/lib/sso/delete-connection";
import { enforceDomain, stopEnforcingDomain } from "@/lib/sso/enforce-domain";
import { checkDomainProof } from "@/lib/sso/prove-domain";
import { keepTest } from "@/lib/sso/keep-test";
import { takeOidcSettings, takeSamlMetadata } from "@/lib/sso/take-settings";

// The forms of single sign-on.

export const createConnectionAction = action(createConnection);
export const setSamlAction = action(setSamlSettings);
export const takeMetadataAction = action(takeSamlMetadata);
export const takeOidcAction = action(takeOidcSettings);
export const setAttributesAction = action(setAttributes);
export const setOptionsAction = action(setConnectionOptions);
export const switchConnectionAction = action(switchConnection);
export const deleteConnectionAction = action(deleteConnection);
export const keepTestAction = action(keepTest);
export const addDomainAction = action(addDomain);
export const checkDomainAction = action((context, fields) => checkDomainProof(context, { domainId: fields.domainId }));
export const confirmDomainAction = action(confirmDomain);
export const removeDomainAction = action(removeDomain);
export const enforceDomainAction = action(enforceDomain);
export const stopEnforcingAction = action(stopEnforcingDomain);
