"""A program in a folder of its own whose state lies in a bucket."""

from __future__ import annotations

import json
import pathlib

from botocore.exceptions import ClientError
from emulated import Emulated
from proxy import ProxyThatFails
from servers import REGION, Server
from trial import CONFIG, Said, Trial

PREFIX = "teams/data"
IN_A_FOLDER = "state: .strata/state"
# A run on another machine: another host, and processes that this one cannot see.
ELSEWHERE = (
    *("unshare", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child"),
    *("sh", "-c", 'hostname elsewhere; exec "$0" "$@"'),
)


class TrialInS3(Trial):
    """@param proxy  stands between the program and the server"""

    def __init__(
        self,
        folder: pathlib.Path,
        emulated: Emulated,
        server: Server,
        proxy: ProxyThatFails,
    ):
        super().__init__(folder, emulated)
        self.server = server
        self.proxy = proxy
        self.bucket = server.new_bucket()
        self.s3 = server.client()
        self.configure("local", self.config())

    # --- what it runs in ---

    def config(self, **changed: str) -> str:
        """The small program's configuration; `bucket` and `endpoint` of the state may be others."""
        return CONFIG.format(endpoint=self.emulated.endpoint).replace(IN_A_FOLDER, self.state_line(**changed))

    def state_line(self, bucket: str = "", endpoint: str = "") -> str:
        url = f"s3://{bucket or self.bucket}/{PREFIX}"
        return f'state: {{url: "{url}", region: {REGION}, endpoint: "{endpoint or self.proxy.endpoint}"}}'

    def environment(self, added: dict[str, str]) -> dict[str, str]:
        key = self.server.credentials
        mine = {
            "AWS_ACCESS_KEY_ID": key.access_key,
            "AWS_SECRET_ACCESS_KEY": key.secret_key,
        }
        return super().environment({**mine, **added})

    def calls(self) -> list[dict]:
        """Those about resources; those about state are the proxy's."""
        state = f"/{getattr(self, 'bucket', '')}"
        return [call for call in super().calls() if not call["path"].startswith(state)]

    def plain(self, text: str) -> str:
        text = super().plain(text).replace(self.proxy.endpoint, "<s3>").replace(self.server.url, "<s3>")
        return text.replace(f"s3://{self.bucket}/{PREFIX}/", "<state>/").replace(self.bucket, "<bucket>")

    def run_counted(self, *arguments: str, **options) -> tuple[Said, list[str]]:
        """What it answered, and every request about state: "PUT lock"."""
        before = len(self.proxy.calls)
        said = self.run(*arguments, **options)
        return said, [str(call) for call in self.proxy.calls[before:]]

    # --- what it left ---

    def key(self, stack: str, name: str) -> str:
        return f"{PREFIX}/local/{stack}/{name}"

    def objects(self) -> dict[str, tuple[str, bytes]]:
        """ETag and content of everything in the bucket."""
        names = [item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]
        found = {name: self.s3.get_object(Bucket=self.bucket, Key=name) for name in names}
        return {name: (answer["ETag"], answer["Body"].read()) for name, answer in found.items()}

    def remembered(self) -> dict[str, bytes]:
        return {name: content for name, (_, content) in self.objects().items() if not name.endswith("/lock")}

    def put_back(self, objects: dict[str, tuple[str, bytes]]) -> None:
        """Makes these what the bucket holds, as somebody with a backup would."""
        for name in self.objects().keys() - objects.keys():
            self.s3.delete_object(Bucket=self.bucket, Key=name)
        for name, (_, content) in objects.items():
            self.write(name, content)

    def write(self, name: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=name, Body=content)

    def read(self, name: str) -> bytes | None:
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=name)["Body"].read()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "NoSuchKey", error
            return None

    def state(self, stack: str) -> dict:
        return json.loads(self.read(self.key(stack, "snapshot.json")))

    def lock(self, stack: str = "sound") -> dict:
        return json.loads(self.read(self.key(stack, "lock")))

    def end(self) -> None:
        self.proxy.faults()
        self.proxy.release()
        super().end()
