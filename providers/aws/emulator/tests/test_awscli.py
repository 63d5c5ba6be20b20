"""The same through another client: the AWS command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

AWS = Path(sys.executable).with_name("aws")


def aws_cli(emulator, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_MAX_ATTEMPTS": "1",
        "PATH": os.environ["PATH"],
    }
    return subprocess.run(
        [sys.executable, str(AWS), "--endpoint-url", emulator.url, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env=settings,
    )


def test_a_bucket_survives_its_tiering_configuration(emulator, tmp_path):
    document = {
        "Id": "x",
        "Status": "Enabled",
        "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
    }
    where = ["--bucket", "cli-bucket", "--id", "x"]
    made = aws_cli(emulator, "s3", "mb", "s3://cli-bucket")
    assert made.returncode == 0, made.stderr
    call = "bucket-intelligent-tiering-configuration"
    put = aws_cli(
        emulator,
        *("s3api", f"put-{call}", *where),
        *("--intelligent-tiering-configuration", json.dumps(document)),
    )
    assert put.returncode == 0, put.stderr
    shown = aws_cli(emulator, "s3api", f"get-{call}", *where)
    assert json.loads(shown.stdout)["IntelligentTieringConfiguration"] == document
    assert aws_cli(emulator, "s3api", f"delete-{call}", *where).returncode == 0
    assert aws_cli(emulator, "s3api", "head-bucket", "--bucket", "cli-bucket").returncode == 0


def test_files_go_and_come(emulator, tmp_path):
    file = tmp_path / "a+b c.txt"
    file.write_bytes(b"x" * 100_000)
    assert aws_cli(emulator, "s3", "mb", "s3://cli-files").returncode == 0
    sent = aws_cli(emulator, "s3", "cp", str(file), "s3://cli-files/dir//a+b c.txt")
    assert sent.returncode == 0, sent.stderr
    back = tmp_path / "back"
    got = aws_cli(emulator, "s3", "cp", "s3://cli-files/dir//a+b c.txt", str(back))
    assert got.returncode == 0, got.stderr
    assert back.read_bytes() == file.read_bytes()


def test_what_is_not_emulated_is_an_error_of_the_service(emulator):
    made = aws_cli(emulator, "glue", "list-statements", "--session-id", "s")
    assert made.returncode != 0
    assert "NotEmulated" in made.stderr
