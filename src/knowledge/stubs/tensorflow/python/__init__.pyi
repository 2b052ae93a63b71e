"""The inside of the framework, as far as code outside imports it."""
