"""Starts the servers, and stops them on SIGTERM once the requests in flight are answered."""

import os
import signal
import sys
import threading
import time
from types import SimpleNamespace

from . import settings
from .health import Health
from .stores import Bucket, Database, Redis
from .web import Api, Page, Server

DRAIN = 5  # seconds


def main():
    configuration = settings.read()
    fault = configuration.fault
    print(f"DDALAB stand-in {configuration.version} starts {f'({fault})' if fault else ''}".rstrip(), flush=True)
    if fault == "crash-at-start":
        sys.exit("fatal: cannot load the analysis engine: this version crashes at start")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if fault == "slow-start":
        stop.wait(float(os.environ.get("APP_START_SECONDS", "8")))

    database, bucket = Database(configuration.database), Bucket(configuration.s3)
    stores = {"postgres": database, "redis": Redis(configuration.redis), "minio": bucket}
    app = SimpleNamespace(
        settings=configuration, database=database, bucket=bucket, health=Health(stores, never=fault == "never-healthy"),
    )
    servers = [Server(configuration.api_port, Api, app), Server(configuration.web_port, Page, app), Server(3001, Page, app)]
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    print("ready: API, web", *(server.server_port for server in servers), flush=True)

    if stop.wait(5 if fault == "crash-after-5s" else None):
        deadline = time.monotonic() + DRAIN
        for server in servers:
            server.stop(max(deadline - time.monotonic(), 0))
        print("stopped", flush=True)
    else:
        sys.exit("fatal: out of memory in the analysis engine: this version crashes after 5 s")


main()
