"""Runs wire_pipeline of pl.py in many processes at once: swarm.py <folder> <count> <name>. Each process is a client of its own: its
configuration, its login, its artifact store. Prints one line of JSON: the exit codes, and the output of what failed."""
import json
import os
import sys
import traceback

import pl
from zenml.client import Client
from zenml.config.global_config import GlobalConfiguration


def child(folder, name):
    os.makedirs(folder)
    output = os.open(folder + "/output.txt", os.O_CREAT | os.O_WRONLY)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ["ZENML_CONFIG_PATH"] = folder + "/config"
    os.environ["ZENML_LOCAL_STORES_PATH"] = folder + "/stores"
    Client._reset_instance()
    GlobalConfiguration._reset_instance()
    try:
        pl.wire_pipeline.with_options(run_name=name)()
        code = 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main():
    base, count, name = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    pids = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            child("%s/%d" % (base, number), "%s-%d" % (name, number))
        pids.append(pid)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    failed = [open("%s/%d/output.txt" % (base, number)).read()[-3000:] for number, code in enumerate(codes) if code]
    print(json.dumps({"codes": codes, "failed": failed}))


if __name__ == "__main__":
    main()
