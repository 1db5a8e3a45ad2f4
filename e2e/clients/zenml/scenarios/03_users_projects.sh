#!/bin/bash
# Users (admin and not), projects. From the recorded scenario, with passwords that are long enough here.
cd "$(dirname "$0")" && . ./lib.sh
scenario 03_users_projects
use_none; fresh_client; use_password; ADM=$ZENML_CONFIG_PATH
J='Content-Type: application/json'
z user create alice --password Alice-pw-1-is-longer
zfail user create alice --password Alice-pw-1-is-longer
TOKEN=$(admin_token)
api POST /api/v1/users -H "$J" -d '{"name":"bob","active":false,"is_admin":false}' >> "$T"; echo >> "$T"   # no password: activation token
TOKEN=
z user list
z user list --name=contains:ali --active=true
zany user describe
zany user describe alice
zfail user update alice --full_name "Alice A" --email alice@example.org   # private data of another user
z user update alice --admin
TOKEN=$(admin_token)
api PUT /api/v1/users/alice -H "$J" -d '{"is_admin":false}' >> "$T"; echo >> "$T"
TOKEN=
# bob was made without password: activation token
TOKEN=$(admin_token)
B=$(api GET "/api/v1/users?name=bob" | jget items.0.id)
api PUT /api/v1/users/$B/deactivate -H "$J" > "$WORK_DIR/bob.json"; cat "$WORK_DIR/bob.json" >> "$T"; echo >> "$T"
TOKEN=
api PUT /api/v1/users/$B/activate -H "$J" -d "{\"name\":\"bob\",\"password\":\"Bob-pw-1-is-longer\",\"activation_token\":\"$(jget body.activation_token < "$WORK_DIR/bob.json")\",\"email_opted_in\":false}" >> "$T"; echo >> "$T"
BT=$(api POST /api/v1/login --data-urlencode username=bob --data-urlencode password=Bob-pw-1-is-longer | jget access_token); TOKEN=$BT
api GET "/api/v1/current-user" >> "$T"; echo >> "$T"; TOKEN=
# project
z project register proj2 --display-name "Second"
zfail project register proj2
z project list
z project set proj2
z project describe
z project describe proj2
z status
zfail project set nowhere
z project set default
# non-admin
fresh_client; use_password alice Alice-pw-1-is-longer
zany user list
zfail user create eve --password x
zany service-account create evil
zany project register alices
zany user update alice --email alice@example.org
zany user change-password --password Alice-pw-2-is-longer --old-password Alice-pw-1-is-longer
fresh_client; use_password alice Alice-pw-2-is-longer
z stack list
use_none; export ZENML_CONFIG_PATH=$ADM; use_password
z user deactivate alice
z user delete alice
z user delete bob
z project delete proj2
zany project delete alices
zfail project delete default
done_
