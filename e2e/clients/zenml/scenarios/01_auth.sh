#!/bin/bash
# Server info, device flow, password and API key login, env-var mode, authorized devices. From the recorded scenario, without activation
# and cookies, which Reeve does not have (WIRE.md §0).
cd "$(dirname "$0")" && . ./lib.sh
scenario 01_auth
TOKEN=
J='Content-Type: application/json'
# --- activation is over: always 403
label activate
api GET /api/v1/info >> "$T"; echo >> "$T"
api PUT /api/v1/activate -H "$J" -d '{"admin_username":"again","admin_password":"x"}' >> "$T"; echo >> "$T"
# --- errors of the token endpoint and of unauthenticated calls
api GET /api/v1/current-user >> "$T"; echo >> "$T"
api GET /api/v1/current-user -H 'Authorization: Bearer not-a-jwt' >> "$T"; echo >> "$T"
api POST /api/v1/login --data-urlencode username=$ADMIN_USER --data-urlencode password=wrong >> "$T"; echo >> "$T"
api POST /api/v1/login --data-urlencode grant_type=bogus >> "$T"; echo >> "$T"
api POST /api/v1/login --data-urlencode grant_type=zenml-api-key --data-urlencode password=ZENKEY_bad >> "$T"; echo >> "$T"
# --- logging in with a password sets no cookie, from whatever site
api POST /api/v1/login -H "Origin: http://other.example" --data-urlencode grant_type=password --data-urlencode "username=$ADMIN_USER" --data-urlencode "password=$ADMIN_PASSWORD" -c "$WORK_DIR/jar" -o /dev/null
grep -c HttpOnly "$WORK_DIR/jar" >> "$T"
api GET /api/v1/logout >> "$T"; echo >> "$T"
# --- device flow: `zenml login URL` in the background, the browser side by REST
device_login() {
  label "zenml login $SERVER_URL (device flow)"
  ( zenml login "$SERVER_URL" > "$WORK_DIR/login.txt" 2>&1 ) & LP=$!
  for i in $(seq 1 100); do grep -q user_code "$WORK_DIR/login.txt" 2>/dev/null && break; sleep 0.3; done
  U=$(tr -d '\n ' < "$WORK_DIR/login.txt" | grep -o 'device_id=[0-9a-f-]*&user_code=[0-9a-zA-Z]*' | head -1)
  DEV=$(echo "$U" | sed 's/device_id=\([^&]*\).*/\1/'); CODE=$(echo "$U" | sed 's/.*user_code=//')
  TOKEN=$(admin_token)
  api GET "/api/v1/devices/$DEV?user_code=$CODE" >> "$T"; echo >> "$T"
  [ -n "$1" ] && { api PUT "/api/v1/devices/$DEV/verify" -H "$J" -d '{"user_code":"wrong","trusted_device":false}' >> "$T"; echo >> "$T"; }
  sleep 2
  api PUT "/api/v1/devices/$DEV/verify" -H "$J" -d "{\"user_code\":\"$CODE\",\"trusted_device\":true}" >> "$T"; echo >> "$T"
  label "zenml login $SERVER_URL (device flow)"
  wait $LP; rc=$?; echo "login rc=$rc" >> "$T"; cat "$WORK_DIR/login.txt" >> "$T"; [ $rc = 0 ] || FAILED=$((FAILED+1))
  TOKEN=; label ""
}
fresh_client; device_login wrongfirst; DEVCFG=$ZENML_CONFIG_PATH
z status
zany user describe
z server list
# a second device
fresh_client; device_login; DEV2=$DEV; D2CFG=$ZENML_CONFIG_PATH
z authorized-device list
z authorized-device describe $DEV2
export ZENML_CONFIG_PATH=$DEVCFG
z authorized-device lock $DEV2
export ZENML_CONFIG_PATH=$D2CFG; zfail stack list             # its token is refused now
export ZENML_CONFIG_PATH=$DEVCFG
z authorized-device unlock $DEV2
z authorized-device delete $DEV2 --yes
zfail authorized-device describe $DEV2
zany logout   # goes back to a local store, for which the test environment lacks the client's own `local` packages
# --- username and password by environment (zenml connect --username falls back to the web login in 0.98)
fresh_client; use_password
z status
fresh_client; use_password $ADMIN_USER wrong
zfail stack list
use_none
# --- API key
make_apikey
fresh_client
label "zenml login $SERVER_URL --api-key"
python3 - "$API_KEY" >> "$T" 2>&1 <<'PY'
import os, pty, sys, time
key, url = sys.argv[1], os.environ["SERVER_URL"]
pid, fd = pty.fork()
if pid == 0:
    os.execvp("zenml", ["zenml", "login", url, "--api-key"])
buf, sent = b"", False
while True:
    try:
        d = os.read(fd, 4096)
    except OSError:
        break
    if not d:
        break
    buf += d
    if not sent and b"API" in buf and b":" in buf:
        time.sleep(1); os.write(fd, key.encode() + b"\n"); sent = True
_, st = os.waitpid(pid, 0)
print(buf.decode(errors="replace").replace(key, "ZENKEY_...")); print("[rc=%d]" % os.waitstatus_to_exitcode(st))
PY
z status
# --- env-var mode
fresh_client
use_apikey $API_KEY
z status
z stack list
use_apikey ZENKEY_eyJpZCI6ICIwMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDAiLCAia2V5IjogImJhZCJ9
fresh_client
zfail stack list
use_none
# --- API tokens
TOKEN=$(admin_token)
api GET "/api/v1/api_token?token_type=generic&expires_in=600" >> "$T"; echo >> "$T"
api GET "/api/v1/api_token?token_type=generic&expires_in=999999999" >> "$T"; echo >> "$T"
api GET "/api/v1/api_token?token_type=workload" >> "$T"; echo >> "$T"
done_
