"""A city in both databases: 1.2 million people, 60,000 leads, 20,000 cases; what its pages take, and fifty clerks at once."""
