"""What generators share when they write examples and questions."""
