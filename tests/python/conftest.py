"""Makes what the tests of several frameworks share importable: pytest puts the folder of this file on the path."""
