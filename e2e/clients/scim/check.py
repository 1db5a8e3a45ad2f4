"""check.py <endpoint> <token>: what scim2-tester finds of a SCIM endpoint, one JSON object a line."""

import json
import sys

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import ScimProvider
from scim2_tester import check_server

endpoint, token = sys.argv[1:]
client = Client(base_url=endpoint, headers={"Authorization": f"Bearer {token}"}, timeout=30)
scim = SyncSCIMClient(client, provider=ScimProvider())
for result in check_server(scim):
    print(json.dumps({"status": result.status.name, "title": result.title, "resource": result.resource_type, "reason": result.reason}, default=str))
