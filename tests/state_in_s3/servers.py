"""Servers that speak S3's language and that nobody here wrote: moto, which forgets all when it ends, and MinIO, which checks
signatures and rights."""

from __future__ import annotations

import itertools
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.request

import boto3
from botocore.credentials import Credentials
from emulated import CREDENTIALS, ROOT, Emulated

REGION = "ca-central-1"


class Server:
    """@param url  where it listens"""

    def __init__(self, name: str, url: str, credentials: Credentials):
        self.name, self.url, self.credentials = name, url, credentials
        self._buckets = itertools.count(1)

    def client(self, service: str = "s3"):
        key = self.credentials
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=key.access_key,
            aws_secret_access_key=key.secret_key,
        )

    def new_bucket(self) -> str:
        name = f"strata-state-{next(self._buckets)}"
        self.client().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return name

    def stop(self) -> None:
        pass


class Moto(Server):
    """The emulator that the resources are deployed to; the state lies there too."""

    def __init__(self, emulated: Emulated):
        super().__init__("moto", emulated.endpoint, Credentials(*CREDENTIALS.values()))


class Minio(Server):
    def __init__(self, folder: pathlib.Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._address = f"127.0.0.1:{free.getsockname()[1]}"
        super().__init__(
            "minio",
            f"http://{self._address}",
            Credentials("strata-root", "strata-root-password"),
        )
        self._folder = folder
        self.start()

    @staticmethod
    def program() -> str | None:
        """None where it is neither in .cache/bin (`make servers`) nor on PATH."""
        cached = ROOT / ".cache/bin/minio"
        return str(cached) if cached.exists() else shutil.which("minio")

    def start(self) -> None:
        key = self.credentials
        identity = {
            "MINIO_ROOT_USER": key.access_key,
            "MINIO_ROOT_PASSWORD": key.secret_key,
            "MINIO_BROWSER": "off",
        }
        self._process = subprocess.Popen(
            [
                self.program(),
                "server",
                "--quiet",
                "--address",
                self._address,
                str(self._folder),
            ],
            env={**os.environ, **identity, "HOME": str(self._folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self._is_ready():
            assert time.monotonic() < deadline and self._process.poll() is None, "MinIO did not start"
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/minio/health/cluster", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """As `kill -9` would: what it had answered lies on its disk."""
        self._process.kill()
        self._process.wait(timeout=20)

    def stop(self) -> None:
        self.kill()

    def session_allowed(self, *actions: str) -> dict[str, str]:
        """Variables with credentials that may do nothing else."""
        policy = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::*"}],
        }
        role = {
            "RoleArn": "arn:aws:iam::123456789012:role/any",
            "RoleSessionName": "test",
        }
        key = self.client("sts").assume_role(**role, Policy=json.dumps(policy))["Credentials"]
        return {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            "AWS_SESSION_TOKEN": key["SessionToken"],
        }
