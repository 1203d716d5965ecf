"""Loads the plugins of the harness for every test below."""
pytest_plugins = ["workers", "fault_rows"]
