"""The days a line names: from a date in figures to `i torsdags` and `v 46-48`."""
