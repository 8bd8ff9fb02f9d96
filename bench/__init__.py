"""How fast the program is, as ratios measured side by side on one machine: ``make bench``. It informs; it is no test."""
