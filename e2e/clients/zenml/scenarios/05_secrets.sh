#!/bin/bash
# Secrets with public and private scope; a component that references a secret.
cd "$(dirname "$0")" && . ./lib.sh
scenario 05_secrets
use_none; fresh_client; make_apikey; use_apikey "$API_KEY"
z secret create db --user=root --password=s3cret
zfail secret create db --x=1
z secret create db --private --user=me
zany secret create multi --values='{"a":"1","b":"2"}'
z secret list
z secret list --name=contains:db --private=true
z secret get db
z secret get db --private true
z secret get multi
zfail secret get nothing
z secret update multi --c=3 --remove-keys a
z secret update multi --private true
z secret rename multi -n multi2
z secret export multi2 --filename "$WORK_DIR/multi2.yaml"
zfail artifact-store register sec_store --flavor=local --path='{{db.user}}'   # attribute with validation: refused by the client
zany artifact-store register sec_store --flavor=s3 --path=s3://b --key='{{db.user}}' --secret='{{db.password}}'
zany artifact-store register sec_store2 --flavor=s3 --path=s3://b --key='{{nosuch.user}}'
zany artifact-store update sec_store --secret db
zany artifact-store describe sec_store
zany artifact-store delete sec_store2
zany artifact-store delete sec_store
zany secret backup
# another account must not see private secrets, nor read what it did not make
O=$API_KEY; fresh_client; use_apikey "$OTHER_KEY"
z secret list
zfail secret get multi2
zfail secret get db
use_apikey "$O"; fresh_client
z secret delete multi2 --yes
z secret delete db --yes
zfail secret delete nothing --yes
z secret list
done_
