"""What leaves the house: papers as Word, PDF and Excel, each looked through for what may not leave."""
