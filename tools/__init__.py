"""Tools of the makers: set-up and generated documentation."""
