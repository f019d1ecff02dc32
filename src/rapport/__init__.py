"""Rapport runs a school resource officer program across an agency and a school district."""

__version__ = "0.0.1"
