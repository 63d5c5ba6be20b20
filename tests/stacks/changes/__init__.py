"""What people do to the deployed stacks behind Strata's back: one table for each part, all of them in ALL."""

from changes import data, identity, network, runtime

ALL = [*network.CHANGES, *identity.CHANGES, *data.CHANGES, *runtime.CHANGES]
