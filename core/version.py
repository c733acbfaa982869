"""The version of Policy Desk."""

VERSION = "0.1.0"
