"""Types an API key into `zenml login <url> --api-key`, which asks for it on the terminal: login.py <url>, the key in LOGIN_KEY."""
import os
import pty
import select
import sys
import time

pid, terminal = pty.fork()
if pid == 0:
    os.execvp("zenml", ["zenml", "login", sys.argv[1], "--api-key"])
seen, typed, deadline = b"", False, time.time() + 120
while time.time() < deadline:
    if select.select([terminal], [], [], 0.5)[0]:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    if not typed and b"API key" in seen:
        time.sleep(0.5)
        os.write(terminal, os.environ["LOGIN_KEY"].encode() + b"\n")
        typed = True
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.write(seen.decode(errors="replace"))
sys.exit(code)
