"""What `tests/run` and `tests/environment` are made of: places, tools, environments, suites."""
