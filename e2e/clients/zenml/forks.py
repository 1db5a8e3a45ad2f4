"""Runs commands of the unmodified zenml client quickly: imports it once and forks for each command.

Importing the client costs seconds, running a command tenths of one. This server has `zenml.cli` imported already; `bin/zenml` hands it
its arguments, environment, folder and terminal, and each command runs in a process of its own that knows nothing of the others: own
configuration, own credentials, own exit status. To use it, start

    python -u forks.py <socket>         (with COLUMNS and the like as the commands shall have them; prints "ready")

and run commands with ZENML_FORKS=<socket> and this folder's `bin` first in PATH. `scenario.ts` does both.
"""

import gc
import json
import os
import signal
import socket
import struct
import sys

import zenml.cli.cli  # noqa: F401  (what costs the seconds)
from zenml.config.global_config import GlobalConfiguration
from zenml_cli import cli


def run(request: dict, descriptors: list) -> None:
    """Becomes the command: its environment, folder and terminal. Never returns."""
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target)
        os.close(descriptor)
    sys.argv = ["zenml", *request["args"]]
    sys.exit(cli())


def serve(connection: socket.socket) -> bool:
    """Answers one command with its exit status. True in the process that is to become the command."""
    data, descriptors, _flags, _address = socket.recv_fds(connection, 4, 3)
    size = struct.unpack("!I", data)[0]
    body = b""
    while len(body) < size:
        body += connection.recv(size - len(body))
    child = os.fork()
    if child == 0:
        connection.close()
        run(json.loads(body), descriptors)
    for descriptor in descriptors:
        os.close(descriptor)
    _pid, status = os.waitpid(child, 0)
    connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))


def main() -> None:
    assert GlobalConfiguration.get_instance() is None, "importing made a configuration: commands would share it"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(sys.argv[1])
    listener.listen(64)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()  # a collection in a command would copy all that was imported
    os.write(1, b"ready\n")  # not print: the client sends what is printed to standard error
    while True:
        connection, _address = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            serve(connection)
            os._exit(0)
        connection.close()


main()
