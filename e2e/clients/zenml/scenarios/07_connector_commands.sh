#!/bin/bash
# What scenario 06 does not ask of connectors: resources across them, verifying alone, changing lifetimes and switches, an end of the main keys.
# AWS_ENDPOINT_URL names a moto server, REGISTRY a container registry with token authentication that takes ROBOT_PASSWORD of robot.
cd "$(dirname "$0")" && . ./lib.sh
scenario 07_connector_commands
use_none; fresh_client; make_apikey; use_apikey "$API_KEY"
E=${AWS_ENDPOINT_URL:-http://127.0.0.1:5555}
unset AWS_ENDPOINT_URL
AWS="--type aws --aws_access_key_id=testing --aws_secret_access_key=testing --region=us-east-1 --endpoint_url=$E"
z service-connector register lake $AWS --auth-method session-token --resource-type s3-bucket
z service-connector register wide $AWS --auth-method iam-role --role_arn=arn:aws:iam::123456789012:role/wire
z service-connector register registry --type docker --auth-method password --username=robot --password=$ROBOT_PASSWORD --registry=$REGISTRY
z service-connector register broken --type docker --auth-method password --username=robot --password=wrong --registry=$REGISTRY --no-verify
# resources across connectors
z service-connector list-resources
z service-connector list-resources --resource-type s3-bucket
z service-connector list-resources --connector-type docker --exclude-errors
z service-connector list-resources --resource-type s3-bucket --resource-id s3://wire-bucket
z service-connector list-resources --resource-type gcs-bucket
# verifying alone
z service-connector verify lake --verify-only
z service-connector verify registry --verify-only
zfail service-connector verify broken --verify-only
z service-connector verify wide --resource-type s3-bucket --resource-id s3://wire-bucket --verify-only
# lifetimes, switches, an end
z service-connector update lake --expiration-seconds 1800
z service-connector describe lake
z service-connector update lake --expires-at "2031-05-01 12:00:00" --expires-skew-tolerance 600
z service-connector describe lake
zfail service-connector update lake --remove-attr endpoint_url --no-verify
z service-connector register cloud --type gcp --auth-method service-account --project_id=p --service_account_json='{"type":"service_account","client_email":"a@p.example","private_key":"canary-key-of-a-file"}' --generate_temporary_tokens=true --no-verify
z service-connector update cloud --generate_temporary_tokens=false --no-verify
z service-connector describe cloud
z service-connector update cloud --generate_temporary_tokens=true --no-verify
# one resource, and what leaves for it
zfail service-connector describe registry --client
zfail service-connector describe lake --client --resource-type docker-registry --resource-id 127.0.0.1
zfail service-connector login registry
zfail service-connector login lake --resource-type kubernetes-cluster
done_
