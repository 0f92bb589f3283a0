"""Attacks that take long or need Debian's packages: `make attack`. What is quick is beside what it attacks."""
