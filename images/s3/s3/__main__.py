"""server DIRECTORY [--address HOST:PORT] [--console-address HOST:PORT]: MinIO's command line and environment."""

import argparse
import os
import signal
import sys
import threading

from .server import Server
from .store import Store


def main():
    parser = argparse.ArgumentParser(prog="s3")
    parser.add_argument("command", choices=["server"])
    parser.add_argument("directory")
    parser.add_argument("--address", default=":9000")
    parser.add_argument("--console-address", help="accepted and ignored: there is no console")
    options = parser.parse_args()
    user, secret = os.environ.get("MINIO_ROOT_USER"), os.environ.get("MINIO_ROOT_PASSWORD")
    if not user or not secret:
        sys.exit("error: MINIO_ROOT_USER and MINIO_ROOT_PASSWORD have to be set")
    host, _, port = options.address.rpartition(":")
    store = Store(options.directory)
    server = Server((host, int(port)), store, user, secret)

    def stop(*_):
        # shutdown() waits for the loop that this handler interrupted, so it has to run beside it.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"S3 server listens on {options.address}, data in {options.directory}", flush=True)
    server.serve_forever(poll_interval=0.1)
    store.close()


main()
