"""What is done in this stage."""
