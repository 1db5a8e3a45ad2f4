#!/bin/bash
# Service connectors: docker, kubernetes, aws. AWS_ENDPOINT_URL names a moto server, which each connector is pointed at by its own field:
# the server follows no environment of its own. What the recorded server lets leave and Reeve does not is zfail here.
cd "$(dirname "$0")" && . ./lib.sh
scenario 06_connectors
use_none; fresh_client; make_apikey; use_apikey "$API_KEY"
E=${AWS_ENDPOINT_URL:-http://127.0.0.1:5555}
unset AWS_ENDPOINT_URL
K=testing
z service-connector list-types
z service-connector list-types --resource-type kubernetes-cluster
z service-connector describe-type aws
z service-connector describe-type aws --resource-type s3-bucket
z service-connector describe-type aws --auth-method secret-key
zfail service-connector describe-type nosuch
# docker
z service-connector register dock --type docker --auth-method password --username=u --password=p --registry=localhost:5000 --no-verify
zany service-connector verify dock
z service-connector describe dock
z service-connector describe dock --show-secrets
zfail service-connector login dock
# kubernetes
z service-connector register kube --type kubernetes --auth-method token --server=https://127.0.0.1:6443 --token=tok --insecure=true --cluster_name=c1 --no-verify
zany service-connector verify kube
zany service-connector login kube
zany service-connector describe kube --client
# aws
z service-connector register aws1 --type aws --auth-method secret-key --aws_access_key_id=$K --aws_secret_access_key=$K --region=us-east-1 --endpoint_url=$E --label team=a
zfail service-connector register aws1 --type aws --auth-method secret-key --aws_access_key_id=$K --aws_secret_access_key=$K --region=us-east-1 --endpoint_url=$E
zfail service-connector register aws2 --type aws --auth-method secret-key --region=us-east-1 --endpoint_url=$E
z service-connector register aws-st --type aws --auth-method session-token --aws_access_key_id=$K --aws_secret_access_key=$K --region=us-east-1 --endpoint_url=$E --expiration-seconds 3600
z service-connector register aws-s3 --type aws --auth-method session-token --resource-type s3-bucket --resource-id s3://wire-bucket --aws_access_key_id=$K --aws_secret_access_key=$K --region=us-east-1 --endpoint_url=$E
z service-connector register aws-role --type aws --auth-method iam-role --role_arn=arn:aws:iam::123456789012:role/wire --aws_access_key_id=$K --aws_secret_access_key=$K --region=us-east-1 --endpoint_url=$E
z service-connector list
z service-connector list --connector_type aws --label team=a
z service-connector verify aws1
z service-connector verify aws1 --resource-type s3-bucket
zany service-connector verify aws1 --resource-type s3-bucket --resource-id s3://wire-bucket
zfail service-connector verify aws1 --resource-type s3-bucket --resource-id s3://missing-bucket
zany service-connector verify aws1 --resource-type docker-registry
zany service-connector verify aws1 --resource-type kubernetes-cluster
zany service-connector list-resources
zany service-connector list-resources --resource-type s3-bucket
zany service-connector list-resources --connector-type aws --resource-type s3-bucket --resource-id s3://wire-bucket
z service-connector describe aws1
z service-connector describe aws1 --show-secrets
zany service-connector describe aws-st --client --resource-type s3-bucket --resource-id s3://wire-bucket --show-secrets
zany service-connector describe aws-role --client --resource-type s3-bucket --resource-id s3://wire-bucket --show-secrets
zfail service-connector login aws1 --resource-type aws-generic
zany service-connector login aws-st --resource-type docker-registry
z service-connector update aws1 --description "updated" --label team=b
zany service-connector update aws1 --name aws1b --no-verify --region=eu-west-1
# connect a component
z artifact-store register s3store --flavor=s3 --path=s3://wire-bucket
z artifact-store connect s3store --connector aws-s3
z artifact-store connect s3store --connector aws-st --resource-id s3://wire-bucket
z artifact-store describe s3store
zfail service-connector delete aws-st
z artifact-store disconnect s3store
z artifact-store delete s3store
# the full-stack helper the dashboard uses, through REST
TOKEN=$(admin_token)
api POST /api/v1/service_connectors/full_stack_resources -H 'Content-Type: application/json' -d "{\"type\":\"aws\",\"auth_method\":\"secret-key\",\"config\":{\"aws_access_key_id\":\"$K\",\"aws_secret_access_key\":\"$K\",\"region\":\"us-east-1\",\"endpoint_url\":\"$E\"},\"configuration\":{\"aws_access_key_id\":\"$K\",\"aws_secret_access_key\":\"$K\",\"region\":\"us-east-1\",\"endpoint_url\":\"$E\"}}" >> "$T" 2>&1; echo >> "$T"
TOKEN=
z service-connector delete dock
z service-connector delete kube
z service-connector delete aws-s3
z service-connector delete aws-role
z service-connector delete aws-st
done_
