"""The registers that the documents demand, one file each."""
