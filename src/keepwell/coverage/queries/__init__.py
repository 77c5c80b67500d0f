"""What is asked of this stage."""
