#!/bin/bash
# Flavors, components, stacks: the recorded scenario, then import and a custom flavor from a source file.
cd "$(dirname "$0")" && . ./lib.sh
scenario 04_stacks
cp my_flavors.py "$WORK_DIR/" && cd "$WORK_DIR"
use_none; fresh_client; make_apikey; use_apikey "$API_KEY"
S="$WORK_DIR/store"; mkdir -p "$S"
z artifact-store flavor list
z orchestrator flavor describe local
z artifact-store register my_store --flavor=local --path="$S" --label env=dev
zfail artifact-store register my_store --flavor=local --path="$S"
zfail artifact-store register bad --flavor=nosuch --path="$S"
zfail artifact-store register bad --flavor=local --nosuchoption=1
z orchestrator register my_orch --flavor=local
z container-registry register my_reg --flavor=default --uri=localhost:5000
z artifact-store list
z artifact-store describe my_store
z artifact-store update my_store --label team=a
z container-registry update my_reg --uri=localhost:5001
z orchestrator rename my_orch my_orch2
z artifact-store get
z stack register s1 -a my_store -o my_orch2 -c my_reg --set
zfail stack register s1 -a my_store -o my_orch2
zfail stack register s2 -a missing -o my_orch2
z stack list
z stack list --name=startswith:s --sort_by=asc:name --output=json
z stack describe s1
z stack get
z stack update s1 -o default
z stack remove-component s1 -c
z stack rename s1 s1b
z stack copy s1b s1c
z stack export s1b "$WORK_DIR/stack.yaml"
z stack set default
z stack delete s1c --yes
zfail artifact-store delete my_store
z stack delete s1b --yes
z artifact-store delete my_store
z orchestrator delete my_orch2
z container-registry delete my_reg
zfail stack describe s1b
zfail stack delete default --yes
# --- import: makes the components that are gone, takes those that are there as they were exported
z stack import s1b -f "$WORK_DIR/stack.yaml"
z stack describe s1b
z stack import s1d -f "$WORK_DIR/stack.yaml"
z stack delete s1b --yes
z stack delete s1d --yes
z artifact-store delete my_store
# --- a custom flavor
z artifact-store flavor register my_flavors.ShelfFlavor
zfail artifact-store flavor register my_flavors.ShelfFlavor
z artifact-store flavor describe shelf
z artifact-store register my_shelf --flavor=shelf --path=shelf://a --rack=2 --token='{{shelf.token}}'
z artifact-store describe my_shelf
zfail artifact-store flavor delete shelf
z artifact-store delete my_shelf
z artifact-store flavor delete shelf
# --- connectors are not there yet, and are refused as such
zfail artifact-store register my_s3 --flavor=s3 --path=s3://bucket --connector=aws
done_
