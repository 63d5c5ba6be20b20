"""What the program asks for in the local environment, resource by resource: written down from config/local.yaml and the
stacks, never from what Strata remembers."""

from intent import data, identity, network, runtime

ALL = {**network.WANTED, **identity.WANTED, **data.WANTED, **runtime.WANTED}
