"""An AWS emulator for Strata: moto 5.2.5, mended, behind a server that keeps connections open."""

__version__ = "1.0.0"
