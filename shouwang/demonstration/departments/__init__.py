"""What the departments know of the county, one file for those who belong together."""
