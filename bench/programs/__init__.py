"""What is measured, each a process of its own: it gets ready, does its work inside ``measuring.measured`` and ends."""
