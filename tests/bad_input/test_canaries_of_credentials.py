"""Keys, tokens, passphrases and passwords in addresses: what proves who one is comes out nowhere, whoever repeats it."""

import http.server
import json
import os
import pathlib
import threading
import urllib.parse

import pytest
from canaries import ASCII
from trial import CONFIG, MISTAKEN
from vault import Vault
from watch import Watch

NOBODY = {"AWS_EC2_METADATA_DISABLED": "true"}


class Host:
    """A host of one's own: answers each request by a function of method, path, header fields and body."""

    def __init__(self, answer):
        outer = self
        self.asked: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(errors="replace")
                outer.asked.append(f"{self.command} {self.path}")
                status, text = answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", "text/xml" if text.startswith("<") else "application/json")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_PUT = do_POST = do_CONNECT = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def host():
    made = []

    def start(answer) -> Host:
        made.append(Host(answer))
        return made[-1]

    yield start
    for one in made:
        one.server.shutdown()
        one.server.server_close()


def everything(method, path, headers, body) -> str:
    return f"{method} {path} {' '.join(f'{name}: {value}' for name, value in headers.items())} {body}"


def xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sts_error(code: str, message: str) -> str:
    return (
        f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{xml(message)}</Message></Error>"
        "<RequestId>12345678</RequestId></ErrorResponse>"
    )


def go_away(watch: Watch, environment: str = "away", more: str = "") -> list[str]:
    """An environment that is not this machine's, so that credentials count; the words that select it."""
    endpoint = watch.trial.emulated.endpoint.replace("127.0.0.1", "0.0.0.0")
    watch.trial.configure(environment, CONFIG.format(endpoint=endpoint) + more)
    return ["--env", environment]


def use(watch: Watch, variables: dict[str, str], where: list[str], works: bool = True) -> None:
    """What a day's work says and leaves with these credentials, then with services that refuse and repeat what they got."""
    options = {"environment": {**NOBODY, **variables}, "program": MISTAKEN}
    watch.trial.faults()
    runs = [["preview", "sound", "--diff", "--verbose"], ["up", "sound", "--yes", "--verbose", "--json"], ["drift", "sound", "--verbose"]]
    for run in [*runs, ["aws", "call", "sqs", "ListQueues", "--print-request"], ["aws", "call", "sqs", "ListQueues", "--verbose"]]:
        code, out, err = watch.run(*run, *where, **options)
        assert not works or code == 0, out + err
    for code in ("SignatureDoesNotMatch", "ExpiredToken", "AccessDenied"):
        watch.trial.faults(f"*:*=echo:403:{code}:request")
        watch.run("aws", "call", "sts", "GetCallerIdentity", "--verbose", *where, **options)
    watch.trial.faults("ssm:*=echo:403:SignatureDoesNotMatch:request", "sqs:*=echo:403:SignatureDoesNotMatch:request")
    watch.run("preview", "sound", "--diff", "--verbose", *where, **options)
    watch.run("up", "sound", "--yes", "--json", *where, **options)
    watch.run("destroy", "sound", "--yes", *where, **options)
    watch.trial.faults()


@pytest.fixture
def keys(canaries):
    return {"key": canaries.make("secret access key", ASCII), "token": canaries.make("session token", ASCII)}


def as_variables(keys) -> dict[str, str]:
    return {"AWS_ACCESS_KEY_ID": "AKIATESTING", "AWS_SECRET_ACCESS_KEY": keys["key"].text, "AWS_SESSION_TOKEN": keys["token"].text}


def as_json(keys, token_name: str) -> str:
    return json.dumps({
        "Version": 1, "Code": "Success", "AccessKeyId": "AKIATESTING", "SecretAccessKey": keys["key"].text,
        token_name: keys["token"].text, "Expiration": "2099-01-01T00:00:00Z",
    })  # fmt: skip


def write_profile(watch: Watch, text: str, *canaries) -> None:
    watch.write(".aws/config", text, *canaries)


def test_keys_of_the_environment(watch, keys):
    use(watch, as_variables(keys), go_away(watch))
    watch.run("preview", "sound", *go_away(watch), environment={**NOBODY, "AWS_SECRET_ACCESS_KEY": keys["key"].text}, program=MISTAKEN)

    watch.found_nothing()


def test_keys_of_a_profile(watch, keys):
    own = f"aws_access_key_id = AKIATESTING\naws_secret_access_key = {keys['key'].text}\naws_session_token = {keys['token'].text}\n"
    watch.write(".aws/credentials", f"[default]\n{own}", *keys.values())
    use(watch, {}, go_away(watch))

    only_half = f"[default]\naws_secret_access_key = {keys['key'].text}\n"
    no_profile = f"[default\n{own}"
    no_settings = f"[default]\n{keys['key'].text}\naws_access_key_id\n{keys['token'].text}"
    for text in (only_half, no_profile, no_settings):
        watch.write(".aws/credentials", text, *keys.values())
        watch.works("preview", "sound", "--verbose", *go_away(watch), code=1, environment=NOBODY, program=MISTAKEN)

    watch.found_nothing()


def test_keys_of_a_process(watch, keys, canaries):
    argument = canaries.make("argument of the credential process", "")
    watch.write("handed-over.json", as_json(keys, "SessionToken"), *keys.values())
    profile = "[default]\ncredential_process = sh -c 'cat {0}/handed-over.json; {1}' {2}\n"
    write_profile(watch, profile.format(watch.trial.folder, "exit 0", argument.text), argument)
    use(watch, {}, go_away(watch))

    cut = as_json(keys, "SessionToken")[:-20]
    strange = as_json(keys, "SessionToken").replace("2099-01-01T00:00:00Z", keys["token"].text[:18])
    for text, end in ((cut, "exit 0"), (strange, "exit 0"), (as_json(keys, "SessionToken"), "exit 3"), (keys["key"].text, "kill $$")):
        watch.write("handed-over.json", text, *keys.values())
        write_profile(watch, profile.format(watch.trial.folder, end, argument.text), argument)
        watch.works("preview", "sound", "--verbose", *go_away(watch), code=1, environment=NOBODY, program=MISTAKEN)

    watch.found_nothing()


@pytest.mark.parametrize("source", ["profile", "environment file"])
def test_keys_of_a_role(watch, keys, canaries, host, source):
    """The keys that ask for it, and those that it has."""
    role = {"key": canaries.make("secret key of the role", ASCII), "token": canaries.make("token of the role", ASCII)}
    refusing = False

    def sts(method, path, headers, body):
        if "AssumeRole" not in body:
            return 200, (
                "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn><UserId>U</UserId>"
                "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
            )
        if refusing:
            return 403, sts_error("AccessDenied", everything(method, path, headers, body) + " " + urllib.parse.unquote(body))
        return 200, (
            f"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIATESTING</AccessKeyId>"
            f"<SecretAccessKey>{xml(role['key'].text)}</SecretAccessKey><SessionToken>{xml(role['token'].text)}</SessionToken>"
            "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        )

    more = f"endpoints: {{sts: '{host(sts).url}'}}\n"
    arn = "arn:aws:iam::123456789012:role/deployer"
    if source == "profile":
        where = go_away(watch, more=more)
        write_profile(
            watch,
            f"[profile base]\naws_access_key_id = AKIATESTING\naws_secret_access_key = {keys['key'].text}\naws_session_token = {keys['token'].text}\n"
            f"[default]\nrole_arn = {arn}\nsource_profile = base\nexternal_id = no-secret\n",
            *keys.values(),
        )
        variables = {}
    else:
        where = go_away(watch, more=more + f"providers: {{aws: {{assume_role: '{arn}', external_id: no-secret}}}}\n")
        variables = as_variables(keys)
    use(watch, variables, where, works=source == "profile")
    refusing = True
    use(watch, variables, where, works=False)

    watch.found_nothing()


def test_a_web_identity(watch, canaries, host):
    token = canaries.make("web identity token", ASCII)
    watch.write("web-identity", token.text, token)

    def sts(method, path, headers, body):
        return 400, sts_error("InvalidIdentityToken", everything(method, path, headers, body) + " " + urllib.parse.unquote(body))

    where = go_away(watch, more=f"endpoints: {{sts: '{host(sts).url}'}}\n")
    variables = {
        "AWS_WEB_IDENTITY_TOKEN_FILE": str(watch.trial.folder / "web-identity"),
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/r",
    }
    use(watch, variables, where, works=False)

    watch.found_nothing()


@pytest.mark.parametrize("how", ["handed over", "refused", "of another form"])
@pytest.mark.parametrize("kind", ["container", "container with a password", "instance"])
def test_keys_of_a_container_or_instance(watch, keys, canaries, host, kind, how):
    token = canaries.make("token for the metadata service", ASCII)
    password = canaries.make("password in the address of the container's agent", "")

    def metadata(method, path, headers, body):
        if path == "/latest/api/token":
            return 200, token.text
        if how == "refused":
            return 403, everything(method, path, headers, body)
        if path.endswith("/security-credentials/"):
            return 200, "deployer"
        if how == "handed over":
            return 200, as_json(keys, "Token")
        return 200, json.dumps({"Code": "Failed", "Message": everything(method, path, headers, body)})

    url = host(metadata).url
    if kind == "instance":
        variables = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url, "AWS_EC2_METADATA_DISABLED": "false"}
    else:
        with_password = url.replace("//", f"//agent:{password.text}@") if "password" in kind else url
        address = f"{with_password}/keys?secret={password.text}"
        variables = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": address, "AWS_CONTAINER_AUTHORIZATION_TOKEN": token.text}
    use(watch, variables, go_away(watch), works=how == "handed over")
    if kind != "instance":
        elsewhere = {
            **variables,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://agent:{password.text}@example.com/x?secret={password.text}",
        }
        watch.works("preview", "sound", "--verbose", *go_away(watch), code=1, environment=elsewhere, program=MISTAKEN)

    watch.found_nothing()


# --- addresses ---


def test_the_password_of_a_proxy(watch, canaries, host):
    password = canaries.make("password of the proxy", "%22%5C%25%2B%2F%C3%A9")
    canaries.make_text("password of the proxy as it is sent", urllib.parse.unquote(password.text))
    refusing = host(lambda *request: (407, everything(*request)))
    broken = host(lambda *request: (403, f"<html>{everything(*request)}</html>"))
    addresses = [
        refusing.url,
        broken.url,
        "http://127.0.0.1:9",
        "http://no-such-host.invalid:3128",
        "https://127.0.0.1:9",
        "nonsense://127.0.0.1:9",
    ]
    keys = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIATESTING", "AWS_SECRET_ACCESS_KEY": "x"}

    watch.trial.configure("https", CONFIG.format(endpoint="https://no-such-service.invalid"))
    for address in addresses:
        proxy = address.replace("//", f"//user:{password.text}@")
        for variables, where in (
            ({"http_proxy": proxy}, go_away(watch)),
            ({"HTTPS_PROXY": proxy}, ["--env", "https"]),
            ({"ALL_PROXY": proxy}, go_away(watch)),
        ):
            watch.run("aws", "call", "sts", "GetCallerIdentity", "--verbose", *where, environment={**keys, **variables}, program=MISTAKEN)
    assert refusing.asked and broken.asked

    watch.found_nothing()


ADDRESSES = {
    "endpoint": ("endpoint: {0}\n", {}),
    "endpoint of a service": ("endpoints: {{sts: '{0}'}}\n", {}),
    "variable": ("", {"AWS_ENDPOINT_URL": "{0}"}),
    "variable of a service": ("", {"AWS_ENDPOINT_URL_STS": "{0}"}),
    "profile": ("", {"AWS_CONFIG_FILE": "{1}/.aws/config"}),
    "state": ("endpoint: {2}\nstate: {{url: 's3://bucket/prefix', endpoint: '{0}'}}\n", {}),
    "state itself": ("endpoint: {2}\nstate: '{0}'\n", {}),
    "encryption": ("endpoint: {2}\nencryption: {{key: kms, kms_key: alias/x, endpoint: '{0}'}}\n", {}),
}


@pytest.mark.parametrize("place", ADDRESSES)
@pytest.mark.parametrize(
    "form", ["http://user:{}@127.0.0.1:9", "ftp://user:{}@127.0.0.1", "http://user:{}@[::1", "http://h/x?password={}", "s3://user:{}@b"]
)
def test_the_password_in_an_address(watch, canaries, place, form):
    password = canaries.make("password in an address", "%22%5C+")
    address = form.format(password.text)
    more, variables = ADDRESSES[place]
    away = watch.trial.emulated.endpoint.replace("127.0.0.1", "0.0.0.0")
    text = more.format(address, "", away)
    header = "account: 123456789012\nregion: ca-central-1\n" + ("" if "state" in text else "state: .strata/state\n")
    header += "" if "encryption" in text else "encryption: {key: file}\n"
    watch.write("config/away.yaml", header + text, password)
    write_profile(watch, f"[default]\nendpoint_url = {address}\n" if place == "profile" else "", password)
    variables = {name: value.format(address, watch.trial.folder) for name, value in variables.items()}
    environment = {**NOBODY, "AWS_ACCESS_KEY_ID": "AKIATESTING", "AWS_SECRET_ACCESS_KEY": "x", **variables}
    for command in ("preview sound --json --verbose", "state check", "aws call sts GetCallerIdentity --verbose"):
        watch.run(*command.split(), "--env", "away", environment=environment, program=MISTAKEN)

    watch.found_nothing()


# --- what seals ---


def test_passphrases(watch, canaries):
    first, second = canaries.make("passphrase"), canaries.make("new passphrase")
    short, wrong = (canaries.make("wrong passphrase"), canaries.make("another wrong passphrase"))
    with_first = {"STRATA_PASSPHRASE": first.text}
    vault = Vault(watch, encryption="{key: passphrase}", **with_first)
    vault.fill("output", "parameter", "text")
    watch.works("up", "vault", "--yes", "--verbose", "--target", "parameter", "--target", "text", environment=with_first)
    for variables in ({}, {"STRATA_PASSPHRASE": wrong.text}, {"STRATA_PASSPHRASE": ""}):
        watch.works("preview", "vault", "--verbose", code=1 if not variables.get("STRATA_PASSPHRASE") else 5, environment=variables)
        watch.run("config", "set", "settings.label", "--secret", stdin="x\n", environment=variables)

    rekey = ["state", "rekey", "--to", "passphrase", "--verbose"]
    for new in ({}, {"STRATA_NEW_PASSPHRASE": short.text[:9]}, {"STRATA_NEW_PASSPHRASE": first.text}):
        watch.run(*rekey, environment={**with_first, **new})
    both = {**with_first, "STRATA_NEW_PASSPHRASE": second.text}
    watch.run(*rekey, environment={"STRATA_PASSPHRASE": wrong.text, "STRATA_NEW_PASSPHRASE": second.text})
    watch.works(*rekey, environment=both)
    after = {"STRATA_PASSPHRASE": second.text}
    watch.works("preview", "vault", "--diff", "--verbose", environment=after)
    watch.run("preview", "vault", "--verbose", environment=with_first)
    watch.works("state", "export", "vault", environment=after)

    watch.found_nothing()


def test_key_files(watch, canaries):
    first = canaries.make_key("key file")
    digits = canaries.make_text("digits of the key file", first.content.hex())
    watch.write(".strata/key", first.content.hex() + "\n", first, digits)
    (watch.trial.folder / ".strata/key").chmod(0o600)
    vault = Vault(watch)
    vault.fill("output", "parameter", "text")
    watch.works("up", "vault", "--yes", "--verbose", "--target", "parameter", "--target", "text")
    watch.works("state", "export", "vault")
    watch.works("state", "rekey", "--to", "file", "--key-file", ".strata/other", "--verbose")
    made = (watch.trial.folder / ".strata/other").read_text().strip()
    watch.owns(
        ".strata/other", canaries.make_text("digits of the new key file", made), canaries.make_bytes("new key file", bytes.fromhex(made))
    )
    watch.works("preview", "vault", "--diff", "--verbose")
    watch.look_at_files_again("after the change of keys")

    broken = canaries.make("what stands in a broken key file")
    for text in (broken.text, first.content.hex()[:-2], first.content.hex() + "ff", first.content.hex()[:-1] + "x"):
        watch.write(".strata/other", text, broken, first, digits)
        watch.run("preview", "vault", "--verbose")
        watch.run("state", "rekey", "--to", "file", "--key-file", ".strata/third", "--verbose")

    watch.found_nothing()


# --- memory ---


def anybody() -> tuple[str, ...]:
    """Root's own processes do not show in /proc whether they may be dumped."""
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()


def test_a_crash_leaves_no_picture_of_memory(watch, keys):
    """No core file by the limit, and none by a handler either, which the limit does not bind: the process cannot be dumped at all."""
    if os.geteuid() == 0:
        for place in (watch.trial.folder, *watch.trial.folder.rglob("*")):
            os.chown(place, 65534, 65534)
    unlimited = ("sh", "-c", 'ulimit -c unlimited; exec "$0" "$@"', *anybody())
    running = watch.start("preview", "endless", program=MISTAKEN, before=unlimited, environment=as_variables(keys))
    process = pathlib.Path(f"/proc/{running.pid}")
    watch.trial.wait_until(lambda: (process / "cmdline").read_bytes().startswith(str(MISTAKEN).encode()))
    watch.trial.wait_until(lambda: len(list((process / "task").iterdir())) > 1 or running.poll() is not None)

    limits = next(line for line in (process / "limits").read_text().splitlines() if line.startswith("Max core file size"))
    assert limits.split()[4:6] == ["0", "0"], limits
    assert (process / "environ").stat().st_uid == 0, "the process may be dumped, and read by its user's other processes"
    running.kill()
    watch.finish(running)
    watch.found_nothing()
