#!/bin/bash
# Where long-lived keys may leave: a login writes them where a container engine looks for them, in the HOME of the scenario. The engine is a
# stand-in that writes what podman writes, since none is here.
cd "$(dirname "$0")" && . ./lib.sh
scenario 08_connector_login
use_none; fresh_client; make_apikey; use_apikey "$API_KEY"
mkdir -p "$WORK_DIR/engine"
cat > "$WORK_DIR/engine/podman" <<'ENGINE'
#!/bin/bash
[ "$1" = login ] || exit 0
mkdir -p "$HOME/.config/containers"
printf '{"auths":{"%s":{"auth":"%s"}}}' "$2" "$(printf '%s:%s' "$4" "$(cat)" | base64 -w0)" > "$HOME/.config/containers/auth.json"
ENGINE
chmod +x "$WORK_DIR/engine/podman"
export PATH="$WORK_DIR/engine:$PATH"
z service-connector describe registry --client
z service-connector login registry
cat "$HOME/.config/containers/auth.json" >> "$T"; echo >> "$T"
done_
