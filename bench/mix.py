"""A generated stack of 250 and 1,000 mixed resources (bench/mix.cpp) on the emulator: first deployment, no change, destroy.

At 0 and 100 ms latency, and with AWS's rate limits; the preview without a change also over TLS with one host name for each service. Where
Terraform is installed, the same mix as HCL (bench/terraform) in the same run, and how many times as much it takes.

    bench/mix.py [--resources 250,1000] [--terraform 250]
"""

import argparse
import dataclasses
import os
import pathlib
import shutil
import statistics
import subprocess

from measure import (
    COST_COLUMNS,
    ROOT,
    Cost,
    Emulated,
    cells_of,
    cost_of,
    cost_with_calls,
    emulated,
    head,
    load_average,
    row,
)

MIX = pathlib.Path(os.environ.get("STRATA_MIX_BINARY", ROOT / "build" / "bench" / "mix"))
# Datasets and subnets; a dataset is 24 resources as Terraform counts, a network with n subnets 4 + 2n.
SIZES = {34: (1, 3), 250: (10, 3), 1000: (41, 6)}
LATENCIES_MS = (0, 100)
PREVIEWS = 5  # quick ones: the median of so many is given
LIMITED = ("--latency-ms", "100", "--throttle")

SERVICES = ["cloudwatch", "dynamodb", "ec2", "ecs", "glue", "iam", "logs", "resourcegroupstaggingapi", "s3", "sns", "sqs", "ssm", "sts"]


class MixFolder(Emulated):
    """A folder with the configuration of bench/mix.cpp, and the emulator that it points at."""

    def __init__(self, folder: pathlib.Path, *options: str, resources: int = 250, hosts: bool = False):
        super().__init__(folder, *options)
        datasets, subnets = SIZES[resources]
        port = self.endpoint.rsplit(":", 1)[1]
        services = "".join(f"\n  {name}: https://{name}.localhost:{port}" for name in SERVICES)
        endpoints = f"endpoints:{services}" if hosts else f"endpoint: {self.endpoint}"
        (folder / "config").mkdir()
        (folder / "config" / "bench.yaml").write_text(
            'account: "123456789012"\nregion: ca-central-1\nencryption: {key: file}\n'
            f"{endpoints}\nsettings: {{datasets: {datasets}, subnets: {subnets}}}\n"
        )

    def cost(self, *arguments: str, **environment: str) -> Cost:
        return cost_with_calls(self, [MIX, *arguments, "--env", "bench"], **environment)


class TerraformFolder(Emulated):
    """A folder with the same mix as HCL, initialised, and its emulator."""

    def __init__(self, folder: pathlib.Path, *options: str, resources: int = 250):
        super().__init__(folder, *options)
        datasets, subnets = SIZES[resources]
        self.settings = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "CHECKPOINT_DISABLE": "1",
            "TF_VAR_datasets": str(datasets),
            "TF_VAR_subnets": str(subnets),
        }
        shutil.copy(ROOT / "bench/terraform/main.tf", folder)
        cost_of(["terraform", "init", "-input=false", f"-plugin-dir={plugin_mirror()}"], folder, **self.settings)

    def cost(self, *arguments: str) -> Cost:
        return cost_with_calls(self, ["terraform", *arguments, "-no-color"], **self.settings)


def plugin_mirror() -> str:
    return os.environ.get("TF_PLUGIN_MIRROR", "/opt/tf-plugins")


def why_no_terraform() -> str:
    """Empty when Terraform and its AWS provider are installed."""
    if shutil.which("terraform") is None:
        return "terraform is not on PATH"
    if not pathlib.Path(plugin_mirror(), "registry.terraform.io/hashicorp/aws").is_dir():
        return f"{plugin_mirror()} (TF_PLUGIN_MIRROR) does not hold registry.terraform.io/hashicorp/aws"
    return ""


def median_of(times: int, measure) -> Cost:
    """Each figure the median of several measurements of its own."""
    costs = [dataclasses.astuple(measure()) for _ in range(times)]
    return Cost(*(statistics.median(figures) for figures in zip(*costs, strict=True)))


def strata_life(resources: int, *options: str, previews: int = PREVIEWS) -> dict[str, Cost]:
    with emulated(lambda folder: MixFolder(folder, *options, resources=resources)) as mix:
        return {
            "first deployment": mix.cost("up", "--yes"),
            "preview, no change": median_of(previews, lambda: mix.cost("preview")),
            "up, no change": median_of(previews, lambda: mix.cost("up", "--yes")),
            "destroy": mix.cost("destroy", "--yes", "--allow", "bench"),
        }


def terraform_life(resources: int, *options: str) -> dict[str, Cost]:
    with emulated(lambda folder: TerraformFolder(folder, *options, resources=resources)) as terraform:
        return {
            "first deployment": terraform.cost("apply", "-auto-approve"),
            # Ends with 2 when it finds changes, which ends the benchmark.
            "preview, no change": terraform.cost("plan", "-detailed-exitcode"),
            "up, no change": terraform.cost("apply", "-auto-approve"),
            "destroy": terraform.cost("destroy", "-auto-approve"),
        }


def certificate(folder: pathlib.Path) -> tuple[pathlib.Path, pathlib.Path]:
    """A certificate for every service's host name below `localhost`, which resolves to this machine; its own authority."""
    made, key = folder / "certificate.pem", folder / "key.pem"
    names = ",".join(f"DNS:{name}.localhost" for name in SERVICES)
    request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(
        ["openssl", *request, "-addext", f"subjectAltName={names}", "-keyout", key, "-out", made], check=True, capture_output=True
    )
    return made, key


def preview_over_tls(resources: int, *options: str) -> Cost:
    def make(folder: pathlib.Path) -> MixFolder:
        made, key = certificate(folder)
        return MixFolder(folder, *options, "--tls-cert", str(made), "--tls-key", str(key), resources=resources, hosts=True)

    with emulated(make) as mix:
        trust = {"AWS_CA_BUNDLE": str(mix.folder / "certificate.pem")}
        mix.cost("up", "--yes", **trust)
        return median_of(PREVIEWS, lambda: mix.cost("preview", **trust))


def print_strata(sizes: list[int]) -> dict[tuple[int, int], dict[str, Cost]]:
    found = {}
    if not sizes:
        return found
    print(f"Strata, a mix ({load_average()})\n")
    head("resources", "latency", "step", *COST_COLUMNS)
    for resources in sizes:
        for latency in LATENCIES_MS:
            options = ("--latency-ms", str(latency))
            found[resources, latency] = strata_life(resources, *options)
            for step, cost in found[resources, latency].items():
                row(resources, f"{latency} ms", step, *cells_of(cost))
            over_tls = preview_over_tls(resources, *options)
            row(resources, f"{latency} ms", f"preview, no change, TLS with {len(SERVICES)} host names", *cells_of(over_tls))
        # Once: a second one would find the buckets empty.
        for step, cost in strata_life(resources, *LIMITED, previews=1).items():
            row(resources, "100 ms, AWS's rate limits", step, *cells_of(cost))
    return found


def times(theirs: float, ours: float) -> str:
    return f"{theirs / ours:.1f} ×" if ours else "-"


def print_terraform(sizes: list[int], strata: dict[tuple[int, int], dict[str, Cost]]) -> None:
    if not sizes:
        return
    if missing := why_no_terraform():
        print(f"\nnot shown: the same mix by Terraform ({missing})")
        return
    print(f"\nTerraform, the same mix, and how many times what Strata takes ({load_average()})\n")
    head("resources", "latency", "step", *COST_COLUMNS, "requests", "wall", "cpu", "memory")
    for resources in sizes:
        for latency in LATENCIES_MS:
            options = ("--latency-ms", str(latency))
            ours = strata.get((resources, latency)) or strata_life(resources, *options)
            for step, cost in terraform_life(resources, *options).items():
                mine = ours[step]
                ratios = [
                    times(cost.requests, mine.requests),
                    times(cost.wall, mine.wall),
                    times(cost.cpu, mine.cpu),
                    times(cost.peak_mib, mine.peak_mib),
                ]
                row(resources, f"{latency} ms", step, *cells_of(cost), *ratios)


def main() -> None:
    def sizes(text: str) -> list[int]:
        return [int(word) for word in text.split(",") if word]

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=sizes, default=[250, 1000], help=f"out of {', '.join(map(str, SIZES))}")
    parser.add_argument("--terraform", type=sizes, default=[250], help="sizes that Terraform deploys too; 1000 takes a quarter of an hour")
    chosen = parser.parse_args()
    print_terraform(chosen.terraform, print_strata(chosen.resources))


if __name__ == "__main__":
    main()
